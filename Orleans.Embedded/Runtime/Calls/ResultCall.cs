using Orleans.Runtime.Activations;

namespace Orleans.Runtime.Calls;

/// <summary>A call whose outcome is a value, or an exception.</summary>
/// <typeparam name="TResult">The value.</typeparam>
internal abstract class ResultCall<TResult> : GrainCall
{
    private readonly TaskCompletionSource<TResult> _outcome = new(TaskCreationOptions.RunContinuationsAsynchronously);

    internal Task<TResult> Task => _outcome.Task;

    internal sealed override bool IsSettled => _outcome.Task.IsCompleted;

    protected sealed override bool TrySetException(Exception exception) => _outcome.TrySetException(exception);

    protected sealed override bool TrySetCanceled(CancellationToken token) => _outcome.TrySetCanceled(token);

    protected void Follow(Activation activation, Task<TResult> task)
    {
        if (task.IsCompleted) Settle(activation, task);
        else _ = FollowAsync(activation, task);
    }

    protected void Succeed(Activation activation, TResult result)
    {
        if (_outcome.TrySetResult(result)) Release();
        activation.Finish(this);
    }

    private async Task FollowAsync(Activation activation, Task<TResult> task)
    {
        await ((Task)task).ConfigureAwait(ConfigureAwaitOptions.ContinueOnCapturedContext | ConfigureAwaitOptions.SuppressThrowing);
        Settle(activation, task);
    }

    private void Settle(Activation activation, Task<TResult> task)
    {
        if (task.IsCompletedSuccessfully)
        {
            Succeed(activation, task.GetAwaiter().GetResult());
            return;
        }

        if (_outcome.TrySetFromTask(task)) Release();
        else activation.OnLateFailure(this, task.Exception);
        activation.Finish(this);
    }
}

/// <summary>A call of a method that returns <see cref="Task{TResult}"/>. The call of the method itself is generated.</summary>
/// <typeparam name="TResult">The method's result.</typeparam>
internal abstract class TaskCall<TResult> : ResultCall<TResult>
{
    public abstract Task<TResult> Call(object grain);

    internal sealed override void Start(Activation activation)
    {
        Task<TResult> task;
        try
        {
            task = Call(activation.Target) ?? throw new InvalidOperationException($"{Method.Name} returned null instead of a task.");
        }
        catch (Exception exception)
        {
            task = System.Threading.Tasks.Task.FromException<TResult>(exception);
        }

        Follow(activation, task);
    }
}

/// <summary>A call of a method that returns <see cref="ValueTask{TResult}"/>. The call of the method itself is generated.</summary>
/// <typeparam name="TResult">The method's result.</typeparam>
internal abstract class ValueTaskCall<TResult> : ResultCall<TResult>
{
    public abstract ValueTask<TResult> Call(object grain);

    internal sealed override void Start(Activation activation)
    {
        ValueTask<TResult> task;
        try
        {
            task = Call(activation.Target);
        }
        catch (Exception exception)
        {
            task = ValueTask.FromException<TResult>(exception);
        }

        if (task.IsCompletedSuccessfully) Succeed(activation, task.GetAwaiter().GetResult());
        else Follow(activation, task.AsTask());
    }
}
