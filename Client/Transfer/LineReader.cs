using System.Buffers;
using System.Text.Json;
using System.Text.Unicode;
using OrleansMemory.Client.Errors;
using OrleansMemory.Errors;

namespace OrleansMemory.Client.Transfer;

/// <summary>Reads JSON lines from a stream, one at a time.</summary>
/// <param name="source">The stream; it stays open.</param>
/// <param name="maxLineBytes">The most bytes of one line.</param>
internal sealed class LineReader(Stream source, int maxLineBytes) : IDisposable
{
    private const int FirstBufferBytes = 64 * 1024;

    // A line nests a message's contents a few levels deeper than the request that brought them.
    private const int MaxDepth = 128;

    private byte[] _buffer = ArrayPool<byte>.Shared.Rent(FirstBufferBytes);
    private int _start;
    private int _end;
    private int _searched;
    private bool _ended;

    /// <summary>The number of the line that was read last, from 1.</summary>
    public long Number { get; private set; }

    /// <summary>Reads the next line that is not empty.</summary>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>The line, which the caller disposes of; <see langword="null"/> at the end of the stream.</returns>
    /// <exception cref="MalformedJsonException">It is not JSON, or not UTF-8; a last line that was cut is neither.</exception>
    /// <exception cref="PayloadTooLargeException">It is too long.</exception>
    public async ValueTask<JsonDocument?> ReadAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            int end = _buffer.AsSpan(_start + _searched, _end - _start - _searched).IndexOf((byte)'\n');
            if (end < 0 && !_ended)
            {
                _searched = _end - _start;
                await FillAsync(cancellationToken);
                continue;
            }

            int length = end < 0 ? _end - _start : _searched + end;
            ReadOnlyMemory<byte> line = _buffer.AsMemory(_start, length);
            _start += Math.Min(length + 1, _end - _start);
            _searched = 0;
            if (!line.Span.Trim(" \t\r"u8).IsEmpty)
            {
                Number++;
                return Parse(line);
            }

            if (_ended && _start == _end)
            {
                return null;
            }
        }
    }

    /// <inheritdoc />
    public void Dispose()
    {
        ArrayPool<byte>.Shared.Return(_buffer);
        _buffer = [];
    }

    private JsonDocument Parse(ReadOnlyMemory<byte> line)
    {
        try
        {
            // A copy: the document outlives what the buffer holds.
            return Utf8.IsValid(line.Span)
                ? JsonDocument.Parse(line.ToArray(), new JsonDocumentOptions { MaxDepth = MaxDepth })
                : throw new MalformedJsonException(Number, null);
        }
        catch (JsonException failure)
        {
            throw JsonTooDeepException.Find(line.Span, "body", MaxDepth) ?? (Exception)new MalformedJsonException(Number, failure.BytePositionInLine + 1);
        }
    }

    private async ValueTask FillAsync(CancellationToken cancellationToken)
    {
        if (_start > 0)
        {
            _buffer.AsSpan(_start, _end - _start).CopyTo(_buffer);
            _end -= _start;
            _start = 0;
        }

        if (_end > maxLineBytes)
        {
            throw new PayloadTooLargeException("line", _end, maxLineBytes, "bytes");
        }

        if (_end == _buffer.Length)
        {
            byte[] larger = ArrayPool<byte>.Shared.Rent(_buffer.Length * 2);
            _buffer.AsSpan(0, _end).CopyTo(larger);
            ArrayPool<byte>.Shared.Return(_buffer);
            _buffer = larger;
        }

        int read = await source.ReadAsync(_buffer.AsMemory(_end), cancellationToken);
        _end += read;
        _ended = read == 0;
    }
}
