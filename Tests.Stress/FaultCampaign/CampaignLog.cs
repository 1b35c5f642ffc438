namespace OrleansMemory.Tests.Stress.FaultCampaign;

/// <summary>The last lines of a silo's log over all of its processes. Nothing is written to the disk: a silo with a wrong clock writes thousands.</summary>
internal sealed class CampaignLog
{
    private const int MaxLines = 300;

    private readonly Queue<string> _lines = new();

    public void Add(string? line)
    {
        // Of a clock that is set, which is what was done to it.
        if (line is null || line.Contains("Watchdog", StringComparison.Ordinal))
        {
            return;
        }

        lock (_lines)
        {
            _lines.Enqueue(line);
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
