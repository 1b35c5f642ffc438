using System.Diagnostics;

namespace OrleansMemory.Benchmarks.Feeds;

/// <summary>Counts what readers receive, and tells when all of it is there.</summary>
internal sealed class Audience
{
    private TaskCompletionSource _complete = new();
    private long _received;
    private long _from;
    private long _expected = long.MaxValue;
    private long _completeAt;

    /// <summary>When what was expected was complete.</summary>
    public long CompleteAt => Volatile.Read(ref _completeAt);

    /// <summary>Counts receipts.</summary>
    /// <param name="receipts">How many.</param>
    public void Receive(long receipts = 1)
    {
        long received = Interlocked.Add(ref _received, receipts);
        long expected = Interlocked.Read(ref _expected);
        if (received >= expected && received - receipts < expected)
        {
            Complete();
        }
    }

    /// <summary>Says how many more receipts are to come. Nothing may be on its way.</summary>
    /// <param name="receipts">How many; <see langword="null"/> until <see cref="Settle"/> tells.</param>
    /// <returns>A task that ends with the last of them.</returns>
    public Task Expect(long? receipts)
    {
        _complete = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _from = Interlocked.Read(ref _received);
        Interlocked.Exchange(ref _expected, receipts is { } known ? _from + known : long.MaxValue);
        return _complete.Task;
    }

    /// <summary>Says how many receipts were to come since they were last expected; some of them may have come already.</summary>
    /// <param name="receipts">How many.</param>
    public void Settle(long receipts)
    {
        Interlocked.Exchange(ref _expected, _from + receipts);
        if (Interlocked.Read(ref _received) >= _from + receipts)
        {
            Complete();
        }
    }

    private void Complete()
    {
        Volatile.Write(ref _completeAt, Stopwatch.GetTimestamp());
        _complete.TrySetResult();
    }
}
