using System.Buffers;
using OrleansMemory.Errors;

namespace OrleansMemory.Client.Transfer;

/// <summary>The part of a stream that is being read. It grows with what must be in one piece.</summary>
/// <param name="source">The stream; it stays open.</param>
/// <param name="part">What a piece is, as an error names it.</param>
/// <param name="maxBytes">The most bytes of one piece.</param>
internal sealed class StreamBuffer(Stream source, string part, int maxBytes) : IDisposable
{
    private const int FirstBytes = 64 * 1024;

    private byte[] _bytes = ArrayPool<byte>.Shared.Rent(FirstBytes);
    private int _start;
    private int _end;

    /// <summary>What has been read and not yet used. The next read moves it.</summary>
    public ReadOnlyMemory<byte> Unused => _bytes.AsMemory(_start, _end - _start);

    /// <summary>Whether the stream holds nothing more.</summary>
    public bool Ended { get; private set; }

    /// <summary>Lets go of the first bytes.</summary>
    /// <param name="bytes">How many.</param>
    public void Use(int bytes) => _start += bytes;

    /// <summary>Reads on.</summary>
    /// <exception cref="PayloadTooLargeException">What is unused is too long for one piece.</exception>
    public async ValueTask FillAsync(CancellationToken cancellationToken)
    {
        if (_start > 0)
        {
            _bytes.AsSpan(_start, _end - _start).CopyTo(_bytes);
            (_start, _end) = (0, _end - _start);
        }

        if (_end > maxBytes)
        {
            throw new PayloadTooLargeException(part, _end, maxBytes, "bytes");
        }

        if (_end == _bytes.Length)
        {
            byte[] larger = ArrayPool<byte>.Shared.Rent(_bytes.Length * 2);
            _bytes.CopyTo(larger, 0);
            ArrayPool<byte>.Shared.Return(_bytes);
            _bytes = larger;
        }

        int read = await source.ReadAsync(_bytes.AsMemory(_end), cancellationToken);
        _end += read;
        Ended = read == 0;
    }

    /// <inheritdoc />
    public void Dispose()
    {
        ArrayPool<byte>.Shared.Return(_bytes);
        _bytes = [];
    }
}
