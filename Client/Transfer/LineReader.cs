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
    // A line nests a message's contents a few levels deeper than the request that brought them.
    private const int MaxDepth = 128;

    private readonly StreamBuffer _buffer = new(source, "line", maxLineBytes);
    private int _searched;

    /// <summary>The number of the line that was read last, from 1.</summary>
    public long Number { get; private set; }

    /// <summary>Reads the next line that is not empty.</summary>
    /// <returns>The line, which the caller disposes of; <see langword="null"/> at the end of the stream.</returns>
    /// <exception cref="MalformedJsonException">It is not JSON, or not UTF-8; a last line that was cut is neither.</exception>
    /// <exception cref="PayloadTooLargeException">It is too long.</exception>
    public async ValueTask<JsonDocument?> ReadAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            ReadOnlyMemory<byte> unused = _buffer.Unused;
            int end = unused.Span[_searched..].IndexOf((byte)'\n');
            if (end < 0 && !_buffer.Ended)
            {
                _searched = unused.Length;
                await _buffer.FillAsync(cancellationToken);
                continue;
            }

            ReadOnlyMemory<byte> line = end < 0 ? unused : unused[..(_searched + end)];
            _buffer.Use(Math.Min(line.Length + 1, unused.Length));
            _searched = 0;
            if (!line.Span.Trim(" \t\r"u8).IsEmpty)
            {
                Number++;
                return Parse(line);
            }

            if (end < 0)
            {
                return null;
            }
        }
    }

    /// <inheritdoc />
    public void Dispose() => _buffer.Dispose();

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
            throw JsonTooDeepException.Find(line.Span, "body", MaxDepth)
                ?? (Exception)new MalformedJsonException(Number, failure.BytePositionInLine + 1);
        }
    }
}
