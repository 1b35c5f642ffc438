namespace OrleansMemory.Grains.Conversations;

/// <summary>
/// Lets some operations of a reentrant grain run alone, as a reader-writer lock does across awaits. It needs no lock of its own: the
/// grain's scheduler runs one piece of code at a time.
/// </summary>
internal sealed class AsyncReaderWriterGate
{
    private TaskCompletionSource? _exclusive;
    private TaskCompletionSource? _noneShared;
    private int _shared;

    /// <summary>Runs work beside other work of this kind, when no exclusive work is running or waiting.</summary>
    public async Task<T> RunSharedAsync<T>(Func<Task<T>> work, CancellationToken cancellationToken)
    {
        // A loop: of several that are woken together one may have taken the gate again before this one runs. Nothing awaits between the
        // last look and the count, so no exclusive work can begin in between.
        while (_exclusive is { } other)
        {
            await other.Task.WaitAsync(cancellationToken);
        }

        _shared++;
        try
        {
            return await work();
        }
        finally
        {
            if (--_shared == 0)
            {
                _noneShared?.TrySetResult();
            }
        }
    }

    /// <summary>Runs work after all work that has started, and before any that has not.</summary>
    public async Task<T> RunExclusiveAsync<T>(Func<Task<T>> work, CancellationToken cancellationToken)
    {
        while (_exclusive is { } other)
        {
            await other.Task.WaitAsync(cancellationToken);
        }

        var exclusive = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);

        // Closed before the shared work has ended: what comes from here on waits, and a stream of turns cannot starve the exclusive work.
        _exclusive = exclusive;
        try
        {
            while (_shared > 0)
            {
                _noneShared = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
                await _noneShared.Task.WaitAsync(cancellationToken);
            }

            return await work();
        }
        finally
        {
            // Open before the waiters are woken: they look again, and must not find the gate closed by work that has ended.
            _noneShared = null;
            _exclusive = null;
            exclusive.SetResult();
        }
    }
}
