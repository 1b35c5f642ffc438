using System.Reflection;
using OrleansMemory.Grains.Storage;
using OrleansMemory.Memories;

namespace OrleansMemory.Tests.Memories.Extraction;

/// <summary>
/// Passes everything on to a store of memories, and lets a test step in where what was distilled is applied and after turns were looked
/// for.
/// </summary>
public class FactStoreProxy : DispatchProxy
{
    private IFactStore _inner = null!;

    /// <summary>Runs before it is applied.</summary>
    public Action BeforeApply { get; set; } = () => { };

    /// <summary>Runs after it was applied, before the caller hears of it.</summary>
    public Action AfterApply { get; set; } = () => { };

    /// <summary>Runs when the scopes whose turns wait were found.</summary>
    public Action AfterFind { get; set; } = () => { };

    /// <summary>The store to use.</summary>
    internal IFactStore Store => (IFactStore)(object)this;

    internal static FactStoreProxy Over(IFactStore inner)
    {
        var proxy = (FactStoreProxy)(object)Create<IFactStore, FactStoreProxy>();
        proxy._inner = inner;
        return proxy;
    }

    protected override object? Invoke(MethodInfo? targetMethod, object?[]? args) =>
        targetMethod!.Name switch
        {
            nameof(IFactStore.ApplyAsync) => ApplyAsync((FactDistillation)args![0]!, (CancellationToken)args[1]!),
            nameof(IFactStore.FindScopesToExtractAsync) => FindAsync((int)args![0]!, (CancellationToken)args[1]!),
            _ => targetMethod.Invoke(_inner, args),
        };

    private async Task<bool> ApplyAsync(FactDistillation distillation, CancellationToken cancellationToken)
    {
        BeforeApply();
        bool applied = await _inner.ApplyAsync(distillation, cancellationToken);
        AfterApply();
        return applied;
    }

    private async Task<IReadOnlyList<MemoryScope>> FindAsync(int limit, CancellationToken cancellationToken)
    {
        IReadOnlyList<MemoryScope> scopes = await _inner.FindScopesToExtractAsync(limit, cancellationToken);
        AfterFind();
        return scopes;
    }
}
