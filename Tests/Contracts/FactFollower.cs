using OrleansMemory.Grains.Storage;
using OrleansMemory.Memories;

namespace OrleansMemory.Tests.Contracts;

/// <summary>Follows what a scope shows through its changes only, after one reading at the start.</summary>
internal sealed class FactFollower(IFactStore store, MemoryScope scope)
{
    private readonly SortedDictionary<string, MemoryFact> _known = new(StringComparer.Ordinal);
    private FactMark? _mark;

    public MemoryScope Scope => scope;

    /// <summary>What it knows, ordered by id.</summary>
    public IEnumerable<MemoryFact> Known => _known.Values;

    public async Task CatchUpAsync()
    {
        if (_mark is not { } mark)
        {
            _mark = await store.MarkAsync(CancellationToken.None);
            foreach (
                StoredFact stored in await store.ReadScopeAsync(
                    new ScopeRead(scope, null, null, int.MaxValue, long.MaxValue),
                    CancellationToken.None
                )
            )
            {
                _known.Add(stored.Fact.Id, stored.Fact);
            }

            return;
        }

        FactChanges changes =
            await store.ReadChangesAsync(scope, mark, null, int.MaxValue - 1, long.MaxValue, CancellationToken.None)
            ?? throw new InvalidOperationException("The mark is not known.");
        foreach (string id in changes.Gone)
        {
            _known.Remove(id);
        }

        foreach (StoredFact stored in changes.Live)
        {
            _known[stored.Fact.Id] = stored.Fact;
        }

        _mark = changes.Mark;
    }
}
