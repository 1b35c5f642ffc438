using OrleansMemory.Errors;

namespace OrleansMemory.Grains.Conversations;

/// <summary>How long a turn that loses its races is tried again: at once at first, then after growing random pauses, so that rivals drift apart.</summary>
/// <param name="timeProvider">The clock.</param>
internal sealed class RetryBackoff(TimeProvider timeProvider)
{
    private const int AtOnce = 3;
    private const int MostAttempts = 200;
    private const int LongestPauseMilliseconds = 50;

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

        if (Attempts > AtOnce)
        {
            int most = Math.Min(LongestPauseMilliseconds, 1 << Math.Min(Attempts - AtOnce, 6));
            await Task.Delay(TimeSpan.FromMilliseconds(Random.Shared.Next(1, most + 1)), timeProvider, cancellationToken);
        }
    }
}
