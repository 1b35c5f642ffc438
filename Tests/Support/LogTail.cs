namespace OrleansMemory.Tests.Support;

/// <summary>The last lines that a process wrote, for the message of a failed test.</summary>
internal sealed class LogTail
{
    private const int MaxLines = 40;

    private readonly Queue<string> _lines = new();

    public void Add(string? line)
    {
        lock (_lines)
        {
            if (line is not null)
            {
                _lines.Enqueue(line);
            }

            if (_lines.Count > MaxLines)
            {
                _lines.Dequeue();
            }
        }
    }

    public override string ToString()
    {
        lock (_lines)
        {
            return string.Join('\n', _lines);
        }
    }
}
