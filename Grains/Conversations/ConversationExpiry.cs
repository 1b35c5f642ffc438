using OrleansMemory.Errors;
using OrleansMemory.Grains.Clocks;

namespace OrleansMemory.Grains.Conversations;

/// <summary>
/// Removes a conversation when its time to live is over, for as long as it is active; the expiry wheel does it for those that are not.
/// </summary>
internal sealed class ConversationExpiry(ConversationActivation activation, ClockCheck clocks)
{
    // Timers are not set further ahead: few activations live that long, and the wheel removes what none does.
    private static readonly TimeSpan LongestLook = TimeSpan.FromDays(1);

    // A timer may come a moment early, and its clock need not be the conversations' clock.
    private static readonly TimeSpan ShortestLook = TimeSpan.FromSeconds(1);

    private IGrainTimer? _timer;
    private DateTimeOffset _nextLook = DateTimeOffset.MaxValue;
    private bool _leaving;

    /// <summary>Looks no more: the activation ends.</summary>
    public void Leave() => _leaving = true;

    /// <summary>
    /// Sees to it that an activation whose conversation has a time to live looks when that is over. A sliding one that was touched
    /// meanwhile costs nothing here: it looks once more then.
    /// </summary>
    public void Watch()
    {
        if (!_leaving && activation.Loading.Current?.Durable.Head?.ExpiresAt is { } expiresAt && expiresAt < _nextLook)
        {
            LookAt(expiresAt, TimeSpan.Zero);
        }
    }

    private void LookAt(DateTimeOffset instant, TimeSpan atLeast)
    {
        _nextLook = instant;
        TimeSpan wait = instant - activation.Now + TimeSpan.FromMilliseconds(1);
        wait =
            wait < atLeast ? atLeast
            : wait > LongestLook ? LongestLook
            : wait;
        wait = wait < TimeSpan.Zero ? TimeSpan.Zero : wait;
        if (_timer is null)
        {
            _timer = activation.Grain.RegisterGrainTimer(
                LookWhetherExpiredAsync,
                new GrainTimerCreationOptions(wait, Timeout.InfiniteTimeSpan) { Interleave = true }
            );
        }
        else
        {
            _timer.Change(wait, Timeout.InfiniteTimeSpan);
        }
    }

    private Task LookWhetherExpiredAsync(CancellationToken cancellationToken) =>
        activation.Gate.RunExclusiveAsync(
            async () =>
            {
                await activation.DrainAsync();
                _nextLook = DateTimeOffset.MaxValue;
                if (await RemoveIfExpiredAsync(cancellationToken))
                {
                    activation.Loading.Forget();
                    activation.Deactivate();
                }
                else if (activation.Loading.Current?.Durable.Head?.ExpiresAt is { } expiresAt)
                {
                    LookAt(expiresAt, ShortestLook);
                }

                return true;
            },
            cancellationToken
        );

    /// <summary>Removes the conversation if its time is over; where that fails the wheel does it.</summary>
    /// <returns>Whether its time is over, by the database's clock too unless that differs by more than is tolerated.</returns>
    public async Task<bool> RemoveIfExpiredAsync(CancellationToken cancellationToken)
    {
        DateTimeOffset now = activation.Now;
        if (activation.Loading.Current is not { } loaded || !loaded.Durable.IsExpired(now))
        {
            return false;
        }

        try
        {
            if (await clocks.SweepInstantAsync(cancellationToken) is { } instant)
            {
                if (!loaded.Durable.IsExpired(instant))
                {
                    // Over by our clock, and not yet by the database's: the next look is soon.
                    return false;
                }

                await activation.Store.ExpireAsync(loaded.Durable.StoreId, instant, cancellationToken);
            }
        }
        catch (Exception exception) when (exception is MemoryException or OperationCanceledException)
        {
            ConversationLog.ExpiredNotRemoved(activation.Logger, exception.GetType().Name);
        }

        return true;
    }
}
