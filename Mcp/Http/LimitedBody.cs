using OrleansMemory.Errors;

namespace OrleansMemory.Mcp.Http;

/// <summary>A request's body that may not be longer than a limit, also where it does not say how long it is.</summary>
internal sealed class LimitedBody(Stream inner, long limitBytes) : Stream
{
    private long _read;

    /// <inheritdoc />
    public override bool CanRead => true;

    /// <inheritdoc />
    public override bool CanSeek => false;

    /// <inheritdoc />
    public override bool CanWrite => false;

    /// <inheritdoc />
    public override long Length => throw new NotSupportedException();

    /// <inheritdoc />
    public override long Position
    {
        get => _read;
        set => throw new NotSupportedException();
    }

    /// <inheritdoc />
    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        int read = await inner.ReadAsync(buffer, cancellationToken);
        _read += read;
        return _read <= limitBytes ? read : throw TooLarge(_read, limitBytes);
    }

    /// <inheritdoc />
    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    /// <inheritdoc />
    public override void Flush() { }

    /// <inheritdoc />
    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    /// <inheritdoc />
    public override void SetLength(long value) => throw new NotSupportedException();

    /// <inheritdoc />
    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    /// <summary>The error of a body that is too long.</summary>
    /// <param name="bytes">How long it is, or as much of it as was read.</param>
    /// <param name="limitBytes">How long it may be.</param>
    public static PayloadTooLargeException TooLarge(long bytes, long limitBytes) => new("body", bytes, limitBytes, "bytes");
}
