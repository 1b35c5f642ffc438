namespace OrleansMemory.Tests.Cli;

/// <summary>An output whose reader goes, or a disk that is full, after some bytes.</summary>
/// <param name="most">How many bytes it takes.</param>
internal sealed class PipeOfBytes(MemoryStream written, long most) : Stream
{
    public override bool CanRead => false;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override void Write(byte[] buffer, int offset, int count)
    {
        if (written.Length + count > most)
        {
            throw new IOException("Broken pipe");
        }

        written.Write(buffer, offset, count);
    }

    public override void Flush() { }

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();
}
