namespace Orleans.Runtime.Calls;

/// <summary>All calls whose callers still wait: the place where they time out and where a stopping host sees that it is done.</summary>
/// <remarks>One coarse timer sweeps the lists; a call costs two short uncontended locks and no timer of its own.</remarks>
internal sealed class PendingCalls
{
    private readonly PendingCallList[] _lists;
    private TaskCompletionSource? _drained;

    private readonly TimeSpan _responseTimeout;

    internal PendingCalls(TimeSpan responseTimeout)
    {
        _responseTimeout = responseTimeout;
        var count = System.Numerics.BitOperations.RoundUpToPowerOf2((uint)Math.Max(4, 2 * Environment.ProcessorCount));
        _lists = new PendingCallList[count];
        for (var i = 0; i < _lists.Length; i++) _lists[i] = new PendingCallList(this);
    }

    internal void Add(GrainCall call) => _lists[Thread.GetCurrentProcessorId() & (_lists.Length - 1)].Add(call);

    /// <summary>Fails the calls whose time is up.</summary>
    internal void Sweep(long now)
    {
        foreach (var call in Take(now))
        {
            var limit = call.Method.ResponseTimeout ?? _responseTimeout;
            call.Fail(new TimeoutException($"{call.Method.Name} gave no answer within {limit}. The call itself may still be running."));
        }

        OnRemoved();
    }

    /// <summary>Fails all pending calls.</summary>
    internal void FailAll(Func<Exception> reason)
    {
        foreach (var call in Take(long.MaxValue)) call.Fail(reason());
        OnRemoved();
    }

    /// <summary>Completes as soon as no call is pending.</summary>
    internal Task WhenDrained()
    {
        var drained = Interlocked.CompareExchange(ref _drained, new(TaskCreationOptions.RunContinuationsAsynchronously), null) ?? _drained;
        OnRemoved();
        return drained.Task;
    }

    internal void OnRemoved()
    {
        if (Volatile.Read(ref _drained) is not { Task.IsCompleted: false } drained) return;
        foreach (var list in _lists)
        {
            if (!list.IsEmpty) return;
        }

        drained.TrySetResult();
    }

    private List<GrainCall> Take(long now)
    {
        var expired = new List<GrainCall>();
        foreach (var list in _lists) list.TakeExpired(now, expired);
        return expired;
    }
}
