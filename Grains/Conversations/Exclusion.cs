namespace OrleansMemory.Grains.Conversations;

/// <summary>
/// Lets some operations of a reentrant grain run alone. Not a lock: the grain's own scheduler already runs one piece of code at a time; this only says
/// who has to wait across awaits.
/// </summary>
internal sealed class Exclusion
{
    private TaskCompletionSource? _alone;
    private TaskCompletionSource? _nobodyAlong;
    private int _along;

    /// <summary>Runs work beside other work of this kind, when nothing that wants to be alone is running or waiting.</summary>
    /// <typeparam name="T">What the work returns.</typeparam>
    /// <param name="work">The work.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>What the work returned.</returns>
    public async Task<T> AlongAsync<T>(Func<Task<T>> work, CancellationToken cancellationToken)
    {
        while (_alone is { } other)
        {
            await other.Task.WaitAsync(cancellationToken);
        }

        _along++;
        try
        {
            return await work();
        }
        finally
        {
            if (--_along == 0)
            {
                _nobodyAlong?.TrySetResult();
            }
        }
    }

    /// <summary>Runs work after all work that has started, and before any that has not.</summary>
    /// <typeparam name="T">What the work returns.</typeparam>
    /// <param name="work">The work.</param>
    /// <param name="cancellationToken">Ends the wait for its turn.</param>
    /// <returns>What the work returned.</returns>
    public async Task<T> AloneAsync<T>(Func<Task<T>> work, CancellationToken cancellationToken)
    {
        while (_alone is { } other)
        {
            await other.Task.WaitAsync(cancellationToken);
        }

        var alone = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _alone = alone;
        try
        {
            while (_along > 0)
            {
                _nobodyAlong = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
                await _nobodyAlong.Task.WaitAsync(cancellationToken);
            }

            return await work();
        }
        finally
        {
            _nobodyAlong = null;
            _alone = null;
            alone.SetResult();
        }
    }
}
