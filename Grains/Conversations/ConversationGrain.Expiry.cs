using OrleansMemory.Errors;
using OrleansMemory.Grains.Storage;

namespace OrleansMemory.Grains.Conversations;

internal sealed partial class ConversationGrain
{
    // Timers are not set further ahead: few activations live that long, and the wheel removes what none does.
    private static readonly TimeSpan LongestLook = TimeSpan.FromDays(1);

    // A timer may come a moment early, and its clock need not be the conversations' clock.
    private static readonly TimeSpan ShortestLook = TimeSpan.FromSeconds(1);

    private IGrainTimer? _expiryTimer;
    private DateTimeOffset _nextLook = DateTimeOffset.MaxValue;
    private bool _leaving;

    /// <inheritdoc />
    public override async Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken)
    {
        _leaving = true;
        await DrainAsync();
        await RemoveIfExpiredAsync(cancellationToken);
    }

    /// <summary>
    /// Sees to it that an activation whose conversation has a time to live looks when that is over. A sliding one that was touched meanwhile costs nothing here:
    /// it looks once more then.
    /// </summary>
    private void WatchExpiry()
    {
        if (!_leaving && _loading.Current?.Durable.Head?.ExpiresAt is { } expiresAt && expiresAt < _nextLook)
        {
            LookAt(expiresAt, TimeSpan.Zero);
        }
    }

    /// <summary>Refuses a turn with a time to live on a silo whose clock is off: other silos would remove by the instant that it writes.</summary>
    private void RequireClockFor(TurnCommit commit)
    {
        if (commit.ExpiresAt is not null || commit.EntryWrites.Any(entry => entry.ExpiresAt is not null))
        {
            RequireClock();
        }
    }

    /// <summary>Refuses what goes by an instant on a silo whose clock is off. The activation ends, so that the next attempt may find another silo.</summary>
    /// <exception cref="MemoryUnavailableException">The silo's clock is off.</exception>
    private void RequireClock()
    {
        if (_clocks.IsOff)
        {
            DeactivateOnIdle();
            _clocks.RequireRight();
        }
    }

    private void LookAt(DateTimeOffset instant, TimeSpan atLeast)
    {
        _nextLook = instant;
        TimeSpan wait = instant - _timeProvider.Now() + TimeSpan.FromMilliseconds(1);
        wait = wait < atLeast ? atLeast : wait > LongestLook ? LongestLook : wait;
        wait = wait < TimeSpan.Zero ? TimeSpan.Zero : wait;
        if (_expiryTimer is null)
        {
            _expiryTimer = this.RegisterGrainTimer(
                LookWhetherExpiredAsync, new GrainTimerCreationOptions(wait, Timeout.InfiniteTimeSpan) { Interleave = true });
        }
        else
        {
            _expiryTimer.Change(wait, Timeout.InfiniteTimeSpan);
        }
    }

    private Task LookWhetherExpiredAsync(CancellationToken cancellationToken) => _exclusion.AloneAsync(
        async () =>
        {
            await DrainAsync();
            _nextLook = DateTimeOffset.MaxValue;
            if (await RemoveIfExpiredAsync(cancellationToken))
            {
                _loading.Forget();
                DeactivateOnIdle();
            }
            else if (_loading.Current?.Durable.Head?.ExpiresAt is { } expiresAt)
            {
                LookAt(expiresAt, ShortestLook);
            }

            return true;
        },
        cancellationToken);

    /// <summary>Removes the conversation if its time is over; where that fails the wheel does it.</summary>
    /// <returns>Whether its time is over, by the database's clock too unless that differs by more than is tolerated.</returns>
    private async Task<bool> RemoveIfExpiredAsync(CancellationToken cancellationToken)
    {
        DateTimeOffset now = _timeProvider.Now();
        if (_loading.Current is not { } loaded || !loaded.Durable.IsExpired(now))
        {
            return false;
        }

        try
        {
            if (await _clocks.SweepInstantAsync(cancellationToken) is { } instant)
            {
                if (!loaded.Durable.IsExpired(instant))
                {
                    // Over by our clock, and not yet by the database's: the next look is soon.
                    return false;
                }

                await _store.ExpireAsync(loaded.Durable.StoreId, instant, cancellationToken);
            }
        }
        catch (Exception exception) when (exception is MemoryException or OperationCanceledException)
        {
            LogExpiredNotRemoved(exception.GetType().Name);
        }

        return true;
    }
}
