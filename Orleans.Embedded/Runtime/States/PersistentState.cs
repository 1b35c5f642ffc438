using Orleans.Storage;

namespace Orleans.Runtime.States;

/// <summary>A state that is read before its grain is told that it is active.</summary>
internal interface ILoadedState
{
    Task LoadAsync(CancellationToken cancellationToken);
}

/// <summary>The stored state of one activation. Its operations run one after the other, in the order in which they were asked for.</summary>
/// <typeparam name="T">The state.</typeparam>
internal sealed class PersistentState<T>(string name, IGrainContext context, IGrainStorage storage) : IPersistentState<T>, ILoadedState
{
    private readonly GrainState<T> _kept = new(Activator.CreateInstance<T>());
    private Task _last = Task.CompletedTask;
    private bool _loaded;

    public T State
    {
        get => _kept.State!;
        set => _kept.State = value;
    }

    public string? Etag => _kept.ETag;

    public bool RecordExists => _loaded ? _kept.RecordExists : throw new InvalidOperationException("The state has not been read yet.");

    public Task LoadAsync(CancellationToken cancellationToken) => ReadStateAsync(cancellationToken);

    public Task ReadStateAsync() => ReadStateAsync(CancellationToken.None);

    public Task WriteStateAsync() => WriteStateAsync(CancellationToken.None);

    public Task ClearStateAsync() => ClearStateAsync(CancellationToken.None);

    public Task ReadStateAsync(CancellationToken cancellationToken) => EnqueueAsync(async () =>
    {
        await storage.ReadStateAsync(name, context.GrainId, _kept, cancellationToken);
        _loaded = true;
    });

    public Task WriteStateAsync(CancellationToken cancellationToken) =>
        EnqueueAsync(() => storage.WriteStateAsync(name, context.GrainId, _kept, cancellationToken));

    public Task ClearStateAsync(CancellationToken cancellationToken) =>
        EnqueueAsync(() => storage.ClearStateAsync(name, context.GrainId, _kept, cancellationToken));

    private Task EnqueueAsync(Func<Task> operation) => _last = RunAsync(_last, operation);

    private async Task RunAsync(Task before, Func<Task> operation)
    {
        await before.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
        try
        {
            await operation();
        }
        catch (InconsistentStateException)
        {
            context.Deactivate(new(DeactivationReasonCode.ApplicationError, "A state was stored by another activation."));
            throw;
        }
    }
}
