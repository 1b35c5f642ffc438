using Microsoft.Extensions.DependencyInjection;
using Orleans.Runtime.States;

namespace Orleans.Runtime.Activations;

/// <content>How an activation begins, and what it leaves behind when it cannot.</content>
internal sealed partial class Activation
{
    private AsyncServiceScope? _scope;

    public IServiceProvider ActivationServices => _scope?.ServiceProvider ?? Silo.Services;

    private void Begin()
    {
        if (_queue.IsEmpty)
        {
            if (_leaving is not null) Close();
            return;
        }

        _stage = Stage.Activating;
        _ = ActivateAsync();
    }

    private async Task ActivateAsync()
    {
        try
        {
            Silo.ThrowIfStopped();
            if (_queue.First?.Context is { } context) RequestContext.Current = context;
            var scope = Silo.Services.CreateAsyncScope();
            _scope = scope;
            GrainInstance = Class.Create(this, out var states);
            if (states.Length > 0 || GrainInstance is IGrainBase) await MakeReadyAsync(states, GrainInstance as IGrainBase);
            Touch();
            _stage = Stage.Active;
        }
        catch (Exception exception)
        {
            LogActivationFailed(Silo.Logger, Class.Name, exception);
            await AbandonAsync(exception);
        }

        if (!_pumping) _scheduler.RequestPump();
    }

    private async Task MakeReadyAsync(ILoadedState[] states, IGrainBase? grain)
    {
        var limit = Silo.Collection.ActivationTimeout;
        using var timeout = new CancellationTokenSource(limit, Silo.Time);
        try
        {
            foreach (var state in states) await state.LoadAsync(timeout.Token).WaitAsync(timeout.Token);
            if (grain is not null) await grain.OnActivateAsync(timeout.Token).WaitAsync(timeout.Token);
        }
        catch (OperationCanceledException exception) when (timeout.IsCancellationRequested)
        {
            throw new TimeoutException($"{Class.Name} was not ready within {limit}.", exception);
        }
    }

    // The activation never became one: whoever waits for it gets the exception, the next call starts anew.
    private async Task AbandonAsync(Exception exception)
    {
        _stage = Stage.Deactivating;
        EndTimers();
        await DisposeGrainAsync(CancellationToken.None);
        _stage = Stage.Gone;
        Class.Remove(this);
        Inherit(_queue, _inbox.Close());
        Volatile.Read(ref _deactivated)?.TrySetResult();
        while (_queue.TakeFirst() is { } request) request.Fail(exception);
    }

    private async Task DisposeGrainAsync(CancellationToken token)
    {
        try
        {
            if (GrainInstance is IAsyncDisposable asynchronous) await asynchronous.DisposeAsync().AsTask().WaitAsync(token);
            else if (GrainInstance is IDisposable disposable) disposable.Dispose();
            if (_scope is { } scope) await scope.DisposeAsync().AsTask().WaitAsync(token);
        }
        catch (Exception exception)
        {
            LogDisposalFailed(Silo.Logger, Class.Name, exception);
        }

        GrainInstance = null;
    }
}
