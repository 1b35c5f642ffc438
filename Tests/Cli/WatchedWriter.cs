using System.Text;

namespace OrleansMemory.Tests.Cli;

/// <summary>Keeps what is written, and tells when a text is among it.</summary>
internal sealed class WatchedWriter : TextWriter
{
    private readonly Lock _lock = new();
    private readonly StringBuilder _written = new();
    private readonly List<(string Text, TaskCompletionSource Seen)> _waits = [];

    public override Encoding Encoding => Encoding.UTF8;

    /// <summary>Ends when the text has been written.</summary>
    public Task WhenWrittenAsync(string text)
    {
        lock (_lock)
        {
            var seen = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            _waits.Add((text, seen));
            Tell();
            return seen.Task;
        }
    }

    public override void Write(char value)
    {
        lock (_lock)
        {
            _written.Append(value);
            if (value == '\n')
                Tell();
        }
    }

    public override string ToString()
    {
        lock (_lock)
            return _written.ToString();
    }

    private void Tell()
    {
        string written = _written.ToString();
        _waits.RemoveAll(wait => written.Contains(wait.Text, StringComparison.Ordinal) && wait.Seen.TrySetResult());
    }
}
