namespace OrleansMemory.Silo.Limits;

/// <summary>
/// The requests of one tenant: those that are worked on, and those that wait for one of them to end. Used by <see cref="TenantGate"/>
/// alone.
/// </summary>
/// <remarks>
/// A request that has been worked on for longer than <see cref="Counted"/> is no longer one of those that others wait for: an export whose
/// reader is slow, a body that comes slowly or a call to a database that does not answer takes next to no processor, and a few of them
/// would stop all that the tenant sends.
/// </remarks>
/// <param name="timeProvider">Tells how long requests have been worked on.</param>
/// <param name="mostRunning">How many may be worked on at a time, now.</param>
internal sealed class TenantQueue(TimeProvider timeProvider, Func<int> mostRunning)
{
    /// <summary>How long a request is counted at the most.</summary>
    public static readonly TimeSpan Counted = TimeSpan.FromSeconds(1);

    private readonly Lock _gate = new();
    private readonly Queue<TenantSeat> _waiting = new();

    // In the order in which they began. Those that have left meanwhile are dropped when they are first.
    private readonly Queue<TenantSeat> _begun = new();
    private int _running;
    private int _present;
    private ITimer? _timer;

    /// <summary>Lets a request in, or has it wait until <see cref="TenantSeat.Turn"/> ends.</summary>
    /// <param name="most">How many may be there, those that wait and those that are no longer counted included.</param>
    /// <returns>The request's seat; <see langword="null"/> when there is no room.</returns>
    public TenantSeat? Enter(int most)
    {
        lock (_gate)
        {
            if (_present >= most)
            {
                return null;
            }

            _present++;
            var seat = new TenantSeat();
            _waiting.Enqueue(seat);
            Admit();
            seat.WaitUnlessBegun();
            return seat;
        }
    }

    /// <summary>Ends a request that was let in, and lets in who is next.</summary>
    public void Leave(TenantSeat seat)
    {
        lock (_gate)
        {
            _present--;
            Uncount(seat);
            Admit();
        }
    }

    private void Admit()
    {
        while (_begun.TryPeek(out TenantSeat? first) && (!first.IsCounted || timeProvider.GetElapsedTime(first.Began) >= Counted))
        {
            Uncount(_begun.Dequeue());
        }

        int most = mostRunning();
        while (_running < most && _waiting.TryDequeue(out TenantSeat? next))
        {
            _running++;
            _begun.Enqueue(next);
            next.Begin(timeProvider.GetTimestamp());
        }

        if (_waiting.Count > 0 && _timer is null)
        {
            // No request may leave before the first of those that run is no longer counted.
            _timer = timeProvider.CreateTimer(
                static queue => ((TenantQueue)queue!).Tick(),
                this,
                Counted - timeProvider.GetElapsedTime(_begun.Peek().Began),
                Timeout.InfiniteTimeSpan
            );
        }
    }

    private void Tick()
    {
        lock (_gate)
        {
            _timer!.Dispose();
            _timer = null;
            Admit();
        }
    }

    private void Uncount(TenantSeat seat)
    {
        if (seat.IsCounted)
        {
            seat.IsCounted = false;
            _running--;
        }
    }
}
