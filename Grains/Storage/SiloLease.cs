using OrleansMemory.Errors;

namespace OrleansMemory.Grains.Storage;

/// <summary>
/// For how long nobody can take this silo's activations over. A silo that others have declared dead, while it was frozen or cut off, does not know it: its activations still hold what was true
/// then, and what they write is not seen by the activations that have taken their place. So nothing is answered, and no turn acknowledged, before the lease was seen to hold after it.
/// </summary>
/// <remarks>
/// Others wait, before they declare a silo dead, until its lease is over: the member table sees to that. The clock is one that goes on while the process is frozen and that nobody sets.
/// </remarks>
/// <param name="timeProvider">The clock.</param>
internal sealed class SiloLease(TimeProvider timeProvider)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan RetryAfter = TimeSpan.FromSeconds(1);

    // Where nobody declares silos dead, nobody renews.
    private long _until = long.MaxValue;
    private TaskCompletionSource _asked = NewSource();
    private TaskCompletionSource _answered = NewSource();

    /// <summary>Whether it holds now.</summary>
    public bool Holds => timeProvider.GetTimestamp() < Volatile.Read(ref _until);

    /// <summary>Completes when somebody needs the lease and it does not hold. Whoever renews it waits for this, too.</summary>
    public Task Asked => Volatile.Read(ref _asked).Task;

    /// <summary>From now on it does not hold, until somebody renews it.</summary>
    public void End() => Volatile.Write(ref _until, long.MinValue);

    /// <summary>Renews the lease.</summary>
    /// <param name="seen">When the silo began to ask whether it is alive, as a timestamp of the clock; it was told that it is.</param>
    /// <param name="length">For how long after that nobody declares it dead.</param>
    public void Renew(long seen, TimeSpan length) => Volatile.Write(ref _until, seen + (long)(length.TotalSeconds * timeProvider.TimestampFrequency));

    /// <summary>When something begins, for <see cref="Renew"/>.</summary>
    /// <returns>A timestamp of the clock.</returns>
    public long Now() => timeProvider.GetTimestamp();

    /// <summary>Somebody has asked whether the silo is alive, and has renewed or ended the lease, or could not be told.</summary>
    public void Answer()
    {
        Interlocked.Exchange(ref _asked, NewSource());
        Interlocked.Exchange(ref _answered, NewSource()).TrySetResult();
    }

    /// <summary>Waits until the lease is seen to hold: whatever was done before was done by a silo whose place nobody had taken.</summary>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>A task that ends when the lease holds.</returns>
    /// <exception cref="MemoryUnavailableException">The silo is dead to the others, or nobody can say.</exception>
    public async Task ConfirmAsync(CancellationToken cancellationToken = default)
    {
        // An answer that is on its way may have been asked for too long ago; the one after it was not.
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
