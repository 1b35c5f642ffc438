using System.Collections.Concurrent;
using System.Diagnostics;
using Xunit;

namespace OrleansMemory.Tests.Support;

/// <summary>Listens, also to what other tests of this process do: what is asserted is asked of one trace.</summary>
internal sealed class SeenActivities : IDisposable
{
    private readonly ConcurrentQueue<Activity> _stopped = new();
    private readonly ActivityListener _listener;

    public SeenActivities(params string[] sources)
    {
        _listener = new ActivityListener
        {
            ShouldListenTo = source => sources.Contains(source.Name),
            Sample = static (ref _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = _stopped.Enqueue,
        };
        ActivitySource.AddActivityListener(_listener);
    }

    public IReadOnlyCollection<Activity> All => [.. _stopped];

    public Activity[] Of(ActivityTraceId trace) => [.. _stopped.Where(activity => activity.TraceId == trace)];

    public async Task<Activity> InTraceAsync(Func<Task> act)
    {
        using Activity call = new Activity("test").SetIdFormat(ActivityIdFormat.W3C).Start();
        call.ActivityTraceFlags = ActivityTraceFlags.Recorded;
        await act();
        call.Stop();
        await Settled();
        return call;
    }

    public async Task UntilAsync(string name)
    {
        using var patience = new CancellationTokenSource(Timings.Patience);
        while (!_stopped.Any(activity => activity.OperationName == name))
        {
            await Task.Delay(20, patience.Token);
        }
    }

    public void Dispose() => _listener.Dispose();

    // A grain's activity ends when its answer is on the way already.
    private async Task Settled()
    {
        int count;
        do
        {
            count = _stopped.Count;
            await Task.Delay(50);
        } while (count != _stopped.Count);
    }

    /// <summary>Requires that nothing that activities tell holds a text.</summary>
    public static void AssertWithout(string marker, IEnumerable<Activity> activities)
    {
        foreach (Activity activity in activities)
        {
            string told = string.Join(
                ' ',
                activity
                    .TagObjects.Select(tag => $"{tag.Key}={tag.Value}")
                    .Concat(activity.Events.SelectMany(happened => happened.Tags).Select(tag => $"{tag.Value}"))
                    .Append(activity.DisplayName)
                    .Append(activity.StatusDescription)
                    .Append(activity.TraceStateString)
            );
            Assert.DoesNotContain(marker, told, StringComparison.Ordinal);
        }
    }
}
