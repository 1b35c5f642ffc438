using OrleansMemory.Errors;

namespace OrleansMemory.Grains.Storage;

/// <summary>
/// The time until which other silos do not declare this one dead. A silo that was declared dead while it was frozen or cut off does not
/// know it: its activations hold what was true then, and the activations that replaced them do not see what it writes. So a call is
/// answered only after the lease was seen to hold.
/// </summary>
/// <remarks>
/// The member table makes other silos wait for the end of the lease before they declare this one dead. The clock is monotonic and goes on
/// while the process is frozen.
/// </remarks>
/// <param name="timeProvider">Its timestamps are used, never its date.</param>
internal sealed class SiloLease(TimeProvider timeProvider)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan RetryAfter = TimeSpan.FromSeconds(1);

    // Without a member table no silo is declared dead, and nothing renews.
    private long _until = long.MaxValue;
    private TaskCompletionSource _asked = NewSource();
    private TaskCompletionSource _answered = NewSource();

    /// <summary>Whether it holds now.</summary>
    public bool Holds => timeProvider.GetTimestamp() < Volatile.Read(ref _until);

    /// <summary>Completes when a call needs the lease and it does not hold: it is to be renewed now, not with the next beat.</summary>
    public Task Asked => Volatile.Read(ref _asked).Task;

    /// <summary>Ends the lease; it holds again once it is renewed.</summary>
    public void End() => Volatile.Write(ref _until, long.MinValue);

    /// <summary>Renews the lease.</summary>
    /// <param name="seen">When the silo began to ask whether it is alive, as a timestamp of the clock; it was told that it is.</param>
    /// <param name="length">For how long after that other silos do not declare it dead.</param>
    public void Renew(long seen, TimeSpan length) =>
        Volatile.Write(ref _until, seen + (long)(length.TotalSeconds * timeProvider.TimestampFrequency));

    /// <summary>When something begins, for <see cref="Renew"/>.</summary>
    /// <returns>A timestamp of the clock.</returns>
    public long Now() => timeProvider.GetTimestamp();

    /// <summary>Lets waiting calls look again: a beat has ended, whether or not it renewed the lease.</summary>
    public void Answer()
    {
        // A call that sets the old source just before it is replaced is not lost: the second line wakes it, and it asks again.
        Interlocked.Exchange(ref _asked, NewSource());
        Interlocked.Exchange(ref _answered, NewSource()).TrySetResult();
    }

    /// <summary>Waits until the lease is seen to hold: no other silo had taken over what was done before.</summary>
    /// <exception cref="MemoryUnavailableException">The silo was declared dead, or the database did not say within 2 seconds.</exception>
    public async Task ConfirmAsync(CancellationToken cancellationToken = default)
    {
        // The beat under way may have begun too long ago to renew the lease until now; the one after it has not.
        for (int answers = 0; answers <= 2; answers++)
        {
            Task answered = Volatile.Read(ref _answered).Task;
            if (Holds)
            {
                return;
            }

            Volatile.Read(ref _asked).TrySetResult();
            try
            {
                await answered.WaitAsync(Patience, timeProvider, cancellationToken).ConfigureAwait(false);
            }
            catch (TimeoutException)
            {
                break;
            }
        }

        if (!Holds)
        {
            throw new MemoryUnavailableException(RetryAfter);
        }
    }

    private static TaskCompletionSource NewSource() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
