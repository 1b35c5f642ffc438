using OrleansMemory.Errors;
using OrleansMemory.Retries;

namespace OrleansMemory.Client.Retries;

/// <summary>
/// Decides anew when somebody else's turn came first: at once at first, then after growing random pauses, so that rivals drift apart. In
/// each round one of them wins.
/// </summary>
/// <param name="time">The clock of the pauses.</param>
/// <param name="mostAttempts">How often it is tried in all.</param>
internal sealed class VersionRetry(TimeProvider time, int mostAttempts)
{
    /// <summary>
    /// Reads, decides and commits, and does so again while the version is not the expected one or its conditions do not hold.
    /// </summary>
    /// <typeparam name="T">What the work returns.</typeparam>
    /// <param name="work">Reads the conversation, and commits on condition of what was read.</param>
    /// <param name="cancellationToken">Ends work and pauses.</param>
    /// <returns>What the work returned.</returns>
    /// <exception cref="VersionConflictException">It has been tried too often.</exception>
    /// <exception cref="ConditionFailedException">It has been tried too often.</exception>
    public async Task<T> ExecuteAsync<T>(Func<CancellationToken, Task<T>> work, CancellationToken cancellationToken)
    {
        for (int attempt = 1; ; attempt++)
        {
            try
            {
                return await work(cancellationToken);
            }
            catch (MemoryException failure) when (failure is VersionConflictException or ConditionFailedException && attempt < mostAttempts)
            {
                if (Backoff.AfterLostRace(attempt) is { Ticks: > 0 } pause)
                {
                    await Task.Delay(pause, time, cancellationToken);
                }
            }
        }
    }
}
