using System.Reflection;
using OrleansMemory.Grains.Storage;
using OrleansMemory.Grains.Storage.InMemory;

namespace OrleansMemory.Tests.Memories;

/// <summary>An in-memory store of memories that tells of its first sweep.</summary>
public class SweepProbe : DispatchProxy
{
    private readonly InMemoryFactStore _inner = new();

    internal TaskCompletionSource<FactSweepResult> Swept { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Runs before each sweep.</summary>
    internal Func<CancellationToken, Task> BeforeSweep { get; set; } = _ => Task.CompletedTask;

    /// <summary>Completes with the first sweep that has removed something.</summary>
    internal TaskCompletionSource<FactSweepResult> Removed { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>The store to use.</summary>
    internal IFactStore Store => (IFactStore)(object)this;

    internal static SweepProbe Create() => (SweepProbe)(object)Create<IFactStore, SweepProbe>();

    protected override object? Invoke(MethodInfo? targetMethod, object?[]? args) =>
        targetMethod!.Name == nameof(IFactStore.SweepAsync)
            ? SweepAsync((FactSweep)args![0]!, (CancellationToken)args[1]!)
            : targetMethod.Invoke(_inner, args);

    private async Task<FactSweepResult> SweepAsync(FactSweep sweep, CancellationToken cancellationToken)
    {
        await BeforeSweep(cancellationToken);
        FactSweepResult swept = await _inner.SweepAsync(sweep, cancellationToken);
        Swept.TrySetResult(swept);
        if (swept != default)
        {
            Removed.TrySetResult(swept);
        }

        return swept;
    }
}
