using System.Diagnostics;

namespace OrleansMemory.Tests.Support;

/// <summary>The last lines that a process wrote, for the message of a failed test. Nothing is written to the disk.</summary>
/// <param name="maxLines">How many lines.</param>
/// <param name="isNoise">Which lines do not count; <see langword="null"/> for none.</param>
internal sealed class LogTail(int maxLines = 40, Func<string, bool>? isNoise = null)
{
    private readonly Queue<string> _lines = new();

    /// <summary>Reads what a process writes from now on. Its outputs are redirected.</summary>
    public void Follow(Process process)
    {
        process.OutputDataReceived += (_, line) => Add(line.Data);
        process.ErrorDataReceived += (_, line) => Add(line.Data);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
    }

    public override string ToString()
    {
        lock (_lines)
        {
            return string.Join('\n', _lines);
        }
    }

    private void Add(string? line)
    {
        if (line is null || isNoise?.Invoke(line) == true)
        {
            return;
        }

        lock (_lines)
        {
            _lines.Enqueue(line);
            if (_lines.Count > maxLines)
            {
                _lines.Dequeue();
            }
        }
    }
}
