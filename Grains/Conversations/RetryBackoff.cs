using OrleansMemory.Errors;
using OrleansMemory.Retries;

namespace OrleansMemory.Grains.Conversations;

/// <summary>
/// How long a turn that loses its races is tried again: at once at first, then after growing random pauses, so that rivals drift apart.
/// </summary>
/// <param name="timeProvider">The clock.</param>
internal sealed class RetryBackoff(TimeProvider timeProvider)
{
    private const int MostAttempts = 200;

    /// <summary>How often the turn has been tried in vain.</summary>
    public int Attempts { get; private set; }

    /// <summary>Waits before the next attempt.</summary>
    /// <returns>A task that ends when it is time.</returns>
    /// <exception cref="MemoryOverloadedException">It has been tried too often.</exception>
    public async Task WaitAsync(CancellationToken cancellationToken)
    {
        Attempts++;
        if (Attempts >= MostAttempts)
        {
            throw new MemoryOverloadedException(TimeSpan.FromSeconds(1));
        }

        if (Backoff.AfterLostRace(Attempts) is { Ticks: > 0 } pause)
        {
            await Task.Delay(pause, timeProvider, cancellationToken);
        }
    }
}
