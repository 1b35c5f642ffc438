namespace Orleans.Runtime.Calls;

/// <summary>One share of the pending calls: a doubly linked list under its own lock, so that callers on different cores do not
/// meet.</summary>
internal sealed class PendingCallList(PendingCalls owner)
{
    private readonly Lock _lock = new();
    private GrainCall? _first;

    internal bool IsEmpty
    {
        get
        {
            lock (_lock) return _first is null;
        }
    }

    internal void Add(GrainCall call)
    {
        lock (_lock)
        {
            call.PendingList = this;
            call.PendingNext = _first;
            if (_first is not null) _first.PendingPrevious = call;
            _first = call;
        }
    }

    internal void Remove(GrainCall call)
    {
        lock (_lock)
        {
            if (call.PendingList is null) return;
            Unlink(call);
        }

        owner.OnRemoved();
    }

    /// <summary>Moves the calls whose time is up, or all of them, out of the list.</summary>
    /// <param name="now">The time; <see cref="long.MaxValue"/> for all.</param>
    /// <param name="expired">Receives them.</param>
    /// <returns>When the next one's time is up; <see cref="long.MaxValue"/> for never.</returns>
    internal long TakeExpired(long now, List<GrainCall> expired)
    {
        var earliest = long.MaxValue;
        lock (_lock)
        {
            for (var call = _first; call is not null;)
            {
                var next = call.PendingNext;
                if (call.Deadline <= now)
                {
                    Unlink(call);
                    expired.Add(call);
                }
                else
                {
                    earliest = Math.Min(earliest, call.Deadline);
                }

                call = next;
            }
        }

        return earliest;
    }

    private void Unlink(GrainCall call)
    {
        if (call.PendingPrevious is { } previous) previous.PendingNext = call.PendingNext;
        else _first = call.PendingNext;
        if (call.PendingNext is { } next) next.PendingPrevious = call.PendingPrevious;
        call.PendingList = null;
        call.PendingNext = null;
        call.PendingPrevious = null;
    }
}
