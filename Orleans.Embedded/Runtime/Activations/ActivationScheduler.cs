namespace Orleans.Runtime.Activations;

/// <summary>Runs the code of one activation on the thread pool, one piece at a time: requests as they start, and what follows each
/// <c>await</c>.</summary>
internal sealed class ActivationScheduler(Activation activation) : TaskScheduler, IThreadPoolWorkItem
{
    // After so many pieces the pool thread is given back, so that a busy activation does not starve the others.
    private const int PiecesPerVisit = 64;

    private static readonly Action<object?> PumpAction = static state => ((Activation)state!).Pump();

    private readonly Lock _lock = new();
    private readonly Queue<Task> _continuations = new();
    private bool _pumpRequested;
    private bool _pumpedLast;
    private bool _scheduled;

    public override int MaximumConcurrencyLevel => 1;

    void IThreadPoolWorkItem.Execute()
    {
        RuntimeContext.Current = activation;
        try
        {
            for (var piece = 0; piece < PiecesPerVisit; piece++)
            {
                if (!TryTake(out var continuation)) return;
                if (continuation is not null)
                {
                    TryExecuteTask(continuation);
                }
                else
                {
                    // Grain code must find itself inside a task of this scheduler; one task serves all requests that are there.
                    new Task(PumpAction, activation, CancellationToken.None, TaskCreationOptions.DenyChildAttach).RunSynchronously(this);
                }
            }
        }
        finally
        {
            RuntimeContext.Current = null;
        }

        Schedule();
    }

    /// <summary>Has the activation look at its inbox and queue, soon.</summary>
    internal void RequestPump()
    {
        lock (_lock)
        {
            _pumpRequested = true;
            if (_scheduled) return;
            _scheduled = true;
        }

        Schedule();
    }

    protected override void QueueTask(Task task)
    {
        lock (_lock)
        {
            _continuations.Enqueue(task);
            if (_scheduled) return;
            _scheduled = true;
        }

        Schedule();
    }

    protected override bool TryExecuteTaskInline(Task task, bool taskWasPreviouslyQueued) =>
        !taskWasPreviouslyQueued && ReferenceEquals(RuntimeContext.Current, activation) && TryExecuteTask(task);

    protected override IEnumerable<Task> GetScheduledTasks()
    {
        lock (_lock) return [.. _continuations];
    }

    // The shared queue, not the thread's own: that one is served newest first, and a caller and a grain that keep answering each other
    // on one thread would shut out everybody else for ever.
    private void Schedule() => ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);

    // Null stands for the pump. The two kinds take turns, so that neither can shut the other out.
    private bool TryTake(out Task? continuation)
    {
        lock (_lock)
        {
            if (_pumpRequested && (!_pumpedLast || _continuations.Count == 0))
            {
                _pumpRequested = false;
                _pumpedLast = true;
                continuation = null;
                return true;
            }

            _pumpedLast = false;
            if (_continuations.TryDequeue(out continuation)) return true;
            _scheduled = false;
            return false;
        }
    }
}
