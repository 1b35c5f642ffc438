using System.Numerics;
using Orleans.Runtime.Timers;

namespace Orleans.Runtime.Calls;

/// <summary>All calls whose callers still wait: the place where they time out and where a stopping host sees that it is done.</summary>
/// <remarks>
/// One timer serves all calls and rests while there are none. It looks at them several times within the shortest time-out, so each call
/// is seen before its time is up; the last look before that sets the timer to the very instant. A call costs two short, mostly
/// uncontended locks and no timer of its own.
/// </remarks>
internal sealed class PendingCalls : IDisposable
{
    private readonly PendingCallList[] _lists;
    private readonly TimeProvider _time;
    private readonly TimeSpan _responseTimeout;
    private readonly ITimer _timer;
    private readonly long _sweepPeriod;
    private TaskCompletionSource? _drained;
    private bool _sweeping;

    /// <param name="time">The clock.</param>
    /// <param name="responseTimeout">The time-out of calls that have none of their own; for the message only.</param>
    /// <param name="shortestTimeout">The shortest time-out any call may have.</param>
    internal PendingCalls(TimeProvider time, TimeSpan responseTimeout, TimeSpan shortestTimeout)
    {
        _time = time;
        _responseTimeout = responseTimeout;
        _sweepPeriod = (long)(Math.Clamp(shortestTimeout.TotalSeconds / 8, 0.001, 1) * time.TimestampFrequency);
        _lists = new PendingCallList[BitOperations.RoundUpToPowerOf2((uint)Math.Max(4, 2 * Environment.ProcessorCount))];
        for (var i = 0; i < _lists.Length; i++) _lists[i] = new PendingCallList(this);
        _timer = time.CreateUnflowedTimer(
            static state => ((PendingCalls)state!).Sweep(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    internal void Add(GrainCall call)
    {
        _lists[Thread.GetCurrentProcessorId() & (_lists.Length - 1)].Add(call);

        // The timer goes to rest before it looks at the lists for the last time: either it finds the call there or it is woken here.
        if (!Volatile.Read(ref _sweeping)) StartSweeping();
    }

    /// <summary>Fails all pending calls.</summary>
    internal void FailAll(Func<Exception> reason)
    {
        foreach (var call in TakeExpired(long.MaxValue, out _)) call.Fail(reason());
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
        if (Volatile.Read(ref _drained) is { Task.IsCompleted: false } drained && IsEmpty()) drained.TrySetResult();
    }

    public void Dispose() => _timer.Dispose();

    private bool IsEmpty() => Array.TrueForAll(_lists, static list => list.IsEmpty);

    private void StartSweeping()
    {
        if (!Interlocked.Exchange(ref _sweeping, true)) WakeAfter(_sweepPeriod);
    }

    private void WakeAfter(long time)
    {
        var ticks = Math.Ceiling((double)time / _time.TimestampFrequency * TimeSpan.TicksPerSecond);
        _timer.Change(TimeSpan.FromTicks((long)ticks), Timeout.InfiniteTimeSpan);
    }

    private void Sweep()
    {
        var now = _time.GetTimestamp();
        var expired = TakeExpired(now, out var earliest);
        foreach (var call in expired)
        {
            var limit = call.Method.ResponseTimeout ?? _responseTimeout;
            call.Fail(new TimeoutException($"{call.Method.Name} gave no answer within {limit}. The call itself may still be running."));
        }

        if (expired.Count > 0) OnRemoved();
        if (earliest == long.MaxValue && IsEmpty())
        {
            Volatile.Write(ref _sweeping, false);
            if (!IsEmpty()) StartSweeping();
            return;
        }

        WakeAfter(Math.Clamp(earliest - now, Math.Max(1, _sweepPeriod / 16), _sweepPeriod));
    }

    private List<GrainCall> TakeExpired(long now, out long earliest)
    {
        var expired = new List<GrainCall>();
        earliest = long.MaxValue;
        foreach (var list in _lists) earliest = Math.Min(earliest, list.TakeExpired(now, expired));
        return expired;
    }
}
