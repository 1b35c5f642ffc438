using Orleans.Runtime.Activations;

namespace Orleans.Runtime.Calls;

/// <summary>A call whose outcome is a success without a value, or an exception.</summary>
internal abstract class PlainCall : GrainCall
{
    private readonly TaskCompletionSource _outcome = new(TaskCreationOptions.RunContinuationsAsynchronously);

    internal Task Task => _outcome.Task;

    /// <summary>Leaves the call to itself: it runs, and its outcome is nobody's.</summary>
    /// <returns>What the caller of a one-way method gets.</returns>
    internal Task Abandon()
    {
        // A failure that nobody looks at would be reported as unobserved.
        _ = _outcome.Task.ContinueWith(
            static outcome => _ = outcome.Exception, CancellationToken.None, TaskContinuationOptions.OnlyOnFaulted | TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
        return Task.CompletedTask;
    }

    internal sealed override bool IsSettled => _outcome.Task.IsCompleted;

    protected sealed override bool TrySetException(Exception exception) => _outcome.TrySetException(exception);

    protected sealed override bool TrySetCanceled(CancellationToken token) => _outcome.TrySetCanceled(token);

    protected void Follow(Activation activation, Task task)
    {
        if (task.IsCompleted) Settle(activation, task);
        else _ = FollowAsync(activation, task);
    }

    protected void Succeed(Activation activation)
    {
        if (_outcome.TrySetResult()) Release();
        activation.Finish(this);
    }

    private async Task FollowAsync(Activation activation, Task task)
    {
        await task.ConfigureAwait(ConfigureAwaitOptions.ContinueOnCapturedContext | ConfigureAwaitOptions.SuppressThrowing);
        Settle(activation, task);
    }

    private void Settle(Activation activation, Task task)
    {
        if (task.IsCompletedSuccessfully)
        {
            Succeed(activation);
            return;
        }

        if (_outcome.TrySetFromTask(task)) Release();
        else activation.OnLateFailure(this, task.Exception);
        activation.Finish(this);
    }
}

/// <summary>A call of a method that returns <see cref="Task"/>. The call of the method itself is generated.</summary>
internal abstract class TaskCall : PlainCall
{
    public abstract Task Call(object grain);

    internal sealed override void Start(Activation activation)
    {
        Task task;
        try
        {
            task = Call(activation.Target) ?? throw new InvalidOperationException($"{Method.Name} returned null instead of a task.");
        }
        catch (Exception exception)
        {
            task = Task.FromException(exception);
        }

        Follow(activation, task);
    }
}

/// <summary>A call of a method that returns <see cref="ValueTask"/>. The call of the method itself is generated.</summary>
internal abstract class ValueTaskCall : PlainCall
{
    public abstract ValueTask Call(object grain);

    internal sealed override void Start(Activation activation)
    {
        ValueTask task;
        try
        {
            task = Call(activation.Target);
        }
        catch (Exception exception)
        {
            task = ValueTask.FromException(exception);
        }

        if (task.IsCompletedSuccessfully)
        {
            task.GetAwaiter().GetResult();
            Succeed(activation);
        }
        else
        {
            Follow(activation, task.AsTask());
        }
    }
}
