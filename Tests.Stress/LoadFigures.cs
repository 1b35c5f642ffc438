using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;

namespace OrleansMemory.Tests.Stress;

/// <summary>When turns were acknowledged, and how long each of them took.</summary>
internal sealed class LoadFigures
{
    private readonly ConcurrentQueue<(long At, TimeSpan Took)> _turns = new();
    private readonly List<(string Phase, long From)> _phases = [];

    /// <summary>The longest that a conversation kept a writer waiting, by phases: turns count where they were acknowledged.</summary>
    public TimeSpan LongestPause(int fromPhase, int phases)
    {
        long from = _phases[fromPhase].From;
        long until = fromPhase + phases < _phases.Count ? _phases[fromPhase + phases].From : long.MaxValue;
        return _turns.Where(turn => turn.At >= from && turn.At < until).Max(turn => turn.Took);
    }

    public void Begin(string phase) => _phases.Add((phase, Stopwatch.GetTimestamp()));

    public void Acknowledged(long started)
    {
        long now = Stopwatch.GetTimestamp();
        _turns.Enqueue((now, Stopwatch.GetElapsedTime(started, now)));
    }

    /// <summary>One line for each phase.</summary>
    public override string ToString()
    {
        long end = _turns.Max(turn => turn.At) + 1;
        return string.Join(
            '\n',
            _phases.Select(
                (phase, i) =>
                {
                    long until = i + 1 < _phases.Count ? _phases[i + 1].From : Math.Max(end, phase.From + 1);
                    TimeSpan[] took = [.. _turns.Where(turn => turn.At >= phase.From && turn.At < until).Select(turn => turn.Took).Order()];
                    double seconds = Stopwatch.GetElapsedTime(phase.From, until).TotalSeconds;
                    string rate = string.Create(
                        CultureInfo.InvariantCulture,
                        $"{took.Length,7} turns in {seconds,6:F1} s = {took.Length / seconds,6:F0} turns/s"
                    );
                    string pauses = string.Create(
                        CultureInfo.InvariantCulture,
                        $"median {Milliseconds(took, 0.5),6:F1} ms, longest pause {Milliseconds(took, 1),8:F1} ms"
                    );
                    return $"{phase.Phase,-34} {rate}, {pauses}";
                }
            )
        );
    }

    private static double Milliseconds(TimeSpan[] sorted, double share) =>
        sorted.Length == 0 ? 0 : sorted[Math.Min(sorted.Length - 1, (int)(sorted.Length * share))].TotalMilliseconds;
}
