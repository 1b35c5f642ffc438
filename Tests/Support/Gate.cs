using System.Collections.Concurrent;
using Xunit;

namespace OrleansMemory.Tests.Support;

/// <summary>A place where grain code waits until the test lets it pass, and where the test waits until grain code has come.</summary>
internal sealed class Gate : IDisposable
{
    private readonly TaskCompletionSource _open = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly SemaphoreSlim _arrivals = new(0);

    public Task PassAsync()
    {
        _arrivals.Release();
        return _open.Task;
    }

    public Task PassUnlessAsync(CancellationToken cancellationToken)
    {
        _arrivals.Release();
        return _open.Task.WaitAsync(cancellationToken);
    }

    /// <summary>Tells the test that something has come here, without waiting.</summary>
    public void Signal() => _arrivals.Release();

    /// <summary>Waits for one arrival that no other wait has seen.</summary>
    public Task ArrivalAsync() =>
        _arrivals
            .WaitAsync(Timings.Patience)
            .ContinueWith(static wait => Assert.True(wait.GetAwaiter().GetResult(), "Nobody came to the gate."), TaskScheduler.Default);

    public void Open() => _open.TrySetResult();

    public void Dispose() => _arrivals.Dispose();
}

/// <summary>What grains and tests share: gates by name and a list of what happened.</summary>
internal sealed class Probe
{
    private readonly ConcurrentDictionary<string, Gate> _gates = new(StringComparer.Ordinal);
    private readonly ConcurrentQueue<string> _events = new();

    public ProbeException Exception { get; } = new();

    public IReadOnlyList<string> Events => [.. _events];

    public Gate this[string name] => _gates.GetOrAdd(name, static _ => new());

    public void Note(string what) => _events.Enqueue(what);

    public int Count(string what) => _events.Count(seen => seen == what);
}

/// <summary>An exception only a probe has.</summary>
internal sealed class ProbeException() : Exception("as planned");

/// <summary>How long a test waits for what should come at once, before it counts as a hang.</summary>
internal static class Timings
{
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    public static Task WithTimeout(this Task task) => task.WaitAsync(Patience);

    public static Task<T> WithTimeout<T>(this Task<T> task) => task.WaitAsync(Patience);

    public static Task WithTimeout(this ValueTask task) => task.AsTask().WaitAsync(Patience);

    public static Task<T> WithTimeout<T>(this ValueTask<T> task) => task.AsTask().WaitAsync(Patience);
}
