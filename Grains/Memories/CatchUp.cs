namespace OrleansMemory.Grains.Memories;

/// <summary>
/// Runs something that everyone who asks must see begin after they asked, once for all who ask while it runs: at most one runs and one
/// waits. For one grain.
/// </summary>
/// <param name="work">What is run. It is never run twice at the same time.</param>
internal sealed class CatchUp(Func<Task> work)
{
    private Task _running = Task.CompletedTask;
    private Task? _next;

    /// <summary>Asks for a run that begins from now on.</summary>
    /// <param name="cancellationToken">Ends the wait, not the run: others may wait for it too.</param>
    /// <returns>A task that ends with that run.</returns>
    public Task RunAsync(CancellationToken cancellationToken)
    {
        if (_running.IsCompleted)
        {
            _running = work();
            return _running.WaitAsync(cancellationToken);
        }

        // The run that is under way may have read before this call: its result is not enough. One that has not begun is, for all who ask
        // until then.
        _next ??= FollowAsync(_running);
        return _next.WaitAsync(cancellationToken);
    }

    private async Task FollowAsync(Task before)
    {
        // Whether it failed is told to those who waited for it.
        await before.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);

        // Moved on before the work begins: who asks while it runs gets the run after it.
        _running = _next!;
        _next = null;
        await work();
    }
}
