namespace OrleansMemory.Client.Runs;

/// <summary>Lets one piece of work of a key run at a time, in the order of arrival.</summary>
internal sealed class KeyedLocks
{
    private readonly Dictionary<string, Task> _last = new(StringComparer.Ordinal);

    /// <summary>Runs a piece of work when those of its key that came before it have ended.</summary>
    /// <param name="cancellationToken">Ends the wait for its turn.</param>
    /// <returns>What the work gave.</returns>
    public async Task<T> RunAsync<T>(string key, Func<Task<T>> work, CancellationToken cancellationToken)
    {
        var ended = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        Task before;
        lock (_last)
        {
            before = _last.GetValueOrDefault(key, Task.CompletedTask);
            _last[key] = ended.Task;
        }

        try
        {
            await before.WaitAsync(cancellationToken);
            return await work();
        }
        finally
        {
            Leave(key, before, ended);
        }
    }

    private void Leave(string key, Task before, TaskCompletionSource ended)
    {
        lock (_last)
        {
            if (_last.GetValueOrDefault(key) == ended.Task && before.IsCompleted)
            {
                _last.Remove(key);
            }
        }

        if (before.IsCompleted)
        {
            ended.TrySetResult();
        }
        else
        {
            // One that gave up while it waited lets no one past those before it.
            _ = before.ContinueWith(
                _ => Leave(key, Task.CompletedTask, ended),
                CancellationToken.None,
                TaskContinuationOptions.None,
                TaskScheduler.Default
            );
        }
    }
}
