namespace OrleansMemory.Cli.Transfer.Import;

/// <summary>Reads a file line by line, each of up to 256 MiB.</summary>
internal sealed class LineReader(Stream file)
{
    private const int FirstBytes = 256 * 1024;
    private const int MaxLineBytes = 256 * 1024 * 1024;

    private byte[] _buffer = new byte[FirstBytes];
    private int _start;
    private int _end;

    /// <summary>The line that was read last, from 1.</summary>
    public long Number { get; private set; }

    /// <summary>How many bytes of lines have been read.</summary>
    public long Position { get; private set; }

    /// <summary>Reads a line.</summary>
    /// <returns>It without its line feed, until the next call; <see langword="null"/> at the end.</returns>
    /// <exception cref="MalformedFileException">It is too long.</exception>
    public async ValueTask<ReadOnlyMemory<byte>?> ReadAsync(CancellationToken cancellationToken)
    {
        int looked = 0;
        while (true)
        {
            int at = _buffer.AsSpan(_start + looked, _end - _start - looked).IndexOf((byte)'\n');
            if (at >= 0)
            {
                return Take(looked + at, feed: 1);
            }

            looked = _end - _start;
            if (!await FillAsync(cancellationToken))
            {
                return looked > 0 ? Take(looked, feed: 0) : default(ReadOnlyMemory<byte>?);
            }
        }
    }

    private ReadOnlyMemory<byte> Take(int length, int feed)
    {
        ReadOnlyMemory<byte> line = _buffer.AsMemory(_start, length);
        _start += length + feed;
        Position += length + feed;
        Number++;
        return line;
    }

    private async ValueTask<bool> FillAsync(CancellationToken cancellationToken)
    {
        if (_start > 0)
        {
            _buffer.AsSpan(_start, _end - _start).CopyTo(_buffer);
            (_start, _end) = (0, _end - _start);
        }

        if (_end == _buffer.Length)
        {
            if (_buffer.Length >= MaxLineBytes)
            {
                throw new MalformedFileException(FormattableString.Invariant($"Line {Number + 1} is longer than 256 MiB."));
            }

            Array.Resize(ref _buffer, 2 * _buffer.Length);
        }

        int count = await file.ReadAsync(_buffer.AsMemory(_end), cancellationToken);
        _end += count;
        return count > 0;
    }
}
