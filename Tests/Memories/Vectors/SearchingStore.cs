using System.Reflection;
using OrleansMemory.Grains.Memories.Vectors;
using OrleansMemory.Grains.Storage;
using OrleansMemory.Grains.Storage.InMemory;

namespace OrleansMemory.Tests.Memories.Vectors;

/// <summary>
/// An in-memory store of memories that searches their vectors itself, as PostgreSQL does with pgvector, and tells what it was asked.
/// </summary>
public class SearchingStore : DispatchProxy
{
    private readonly InMemoryFactStore _inner = new();

    /// <summary>Whether it searches.</summary>
    public bool Searches { get; set; } = true;

    /// <summary>What happens before it searches.</summary>
    public Func<Task> Before { get; set; } = () => Task.CompletedTask;

    /// <summary>How often it was to search.</summary>
    public int Asked { get; private set; }

    /// <summary>How many vectors were read from it for being held.</summary>
    public int VectorsRead { get; private set; }

    /// <summary>An id that it finds first whatever it is asked.</summary>
    public string? Ghost { get; set; }

    /// <summary>The store to use.</summary>
    internal IFactStore Store => (IFactStore)(object)this;

    internal static SearchingStore Create() => (SearchingStore)(object)Create<IFactStore, SearchingStore>();

    protected override object? Invoke(MethodInfo? targetMethod, object?[]? args) =>
        targetMethod!.Name switch
        {
            nameof(IFactStore.FindsNearest) => Searches,
            nameof(IFactStore.FindNearestAsync) => FindAsync((NearestFacts)args![0]!),
            nameof(IFactStore.ReadScopeAsync) => CountAsync((Task<IReadOnlyList<StoredFact>>)targetMethod.Invoke(_inner, args)!),
            _ => targetMethod.Invoke(_inner, args),
        };

    private async Task<IReadOnlyList<StoredFact>> CountAsync(Task<IReadOnlyList<StoredFact>> reading)
    {
        IReadOnlyList<StoredFact> read = await reading;
        VectorsRead += read.Count(stored => !stored.Vector.IsEmpty);
        return read;
    }

    private async Task<IReadOnlyList<VectorHit>?> FindAsync(NearestFacts search)
    {
        Asked++;
        await Before();
        var read = new ScopeRead(search.Scope, search.Model, null, int.MaxValue, long.MaxValue);
        var index = new VectorIndex(search.Vector.Length);
        foreach (StoredFact stored in await _inner.ReadScopeAsync(read, CancellationToken.None))
        {
            bool meets =
                !(stored.Fact.ExpiresAt <= search.At)
                && (search.Kind is null || search.Kind == stored.Fact.Kind)
                && stored.Position >= search.From
                && search.Labels.All(MetadataLabels.Of(stored.Fact.Metadata).Contains);
            if (meets && !stored.Vector.IsEmpty)
            {
                index.Put(stored.Fact.Id, stored.Vector.Span);
            }
        }

        VectorHit[] hits = index.Search(search.Vector.Span, search.Limit);
        return Ghost is null ? hits : [new VectorHit(Ghost, 1), .. hits];
    }
}
