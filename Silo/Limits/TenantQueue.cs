namespace OrleansMemory.Silo.Limits;

/// <summary>The requests of one tenant: those that are worked on, and those that wait for one of them to end. Used by <see cref="TenantGate"/> alone.</summary>
internal sealed class TenantQueue
{
    private readonly Lock _gate = new();
    private readonly Queue<TaskCompletionSource> _waiting = new();
    private int _running;

    /// <summary>Lets a request in, or has it wait.</summary>
    /// <param name="mostRunning">How many may be worked on at a time.</param>
    /// <param name="most">How many may be there, those that wait included.</param>
    /// <param name="turn">Ends when it is the request's turn.</param>
    /// <returns>Whether there is room.</returns>
    public bool TryEnter(int mostRunning, int most, out Task turn)
    {
        turn = Task.CompletedTask;
        lock (_gate)
        {
            if (_running + _waiting.Count >= most)
            {
                return false;
            }

            if (_running < mostRunning)
            {
                _running++;
                return true;
            }

            var waiting = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            _waiting.Enqueue(waiting);
            turn = waiting.Task;
            return true;
        }
    }

    /// <summary>Ends a request that was let in, and lets in who is next. Who waits always waits for one that runs, so that somebody comes by here.</summary>
    /// <param name="mostRunning">How many may be worked on at a time.</param>
    public void Leave(int mostRunning)
    {
        lock (_gate)
        {
            _running--;
            while (_running < mostRunning && _waiting.TryDequeue(out TaskCompletionSource? next))
            {
                _running++;
                next.SetResult();
            }
        }
    }
}
