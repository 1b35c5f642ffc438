using System.Collections.Immutable;
using System.Text;
using OrleansMemory.Grains.Storage;
using OrleansMemory.Memories;

namespace OrleansMemory.Grains.Memories.Extraction;

/// <summary>
/// Finds what a scope knows that turns may touch: all of its facts while these are few, else those that its recall finds for each turn, and
/// the newest ones. Only facts of the very same names count; what the scope shows of others is not the extractor's to change.
/// </summary>
/// <param name="store">Where the facts are.</param>
/// <param name="grains">Where recall is reached.</param>
/// <param name="options">The bounds.</param>
internal sealed class KnownFacts(IFactStore store, IGrainFactory grains, ExtractionOptions options)
{
    private const int PageFacts = 200;
    private const int MaxPages = 5;
    private const int MaxQueryBytes = 2_048;
    private const int RecalledPerTurn = 10;

    /// <summary>Finds facts.</summary>
    /// <param name="scope">The scope.</param>
    /// <param name="turns">The turns.</param>
    /// <param name="now">The instant.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>The facts, the oldest first.</returns>
    public async Task<ImmutableArray<MemoryFact>> FindAsync(
        MemoryScope scope,
        ImmutableArray<MemoryFact> turns,
        DateTimeOffset now,
        CancellationToken cancellationToken
    )
    {
        if (options.KnownFacts == 0)
        {
            return [];
        }

        (List<MemoryFact> newest, bool areAll) = await ReadNewestAsync(scope, now, cancellationToken);
        IEnumerable<MemoryFact> known = newest;
        if (!areAll)
        {
            List<MemoryFact> recalled = await RecallAsync(scope, turns, cancellationToken);
            known = recalled
                .Take((options.KnownFacts + 1) / 2)
                .Concat(newest)
                .Concat(recalled)
                .DistinctBy(fact => fact.Id, StringComparer.Ordinal);
        }

        return [.. known.Take(options.KnownFacts).OrderBy(fact => fact.OccurredAt).ThenBy(fact => fact.Id, StringComparer.Ordinal)];
    }

    private async Task<(List<MemoryFact> Facts, bool AreAll)> ReadNewestAsync(
        MemoryScope scope,
        DateTimeOffset now,
        CancellationToken cancellationToken
    )
    {
        var facts = new List<MemoryFact>();
        long? before = null;
        for (int page = 0; page < MaxPages; page++)
        {
            IReadOnlyList<StoredFact> read = await store.ListAsync(
                new FactList
                {
                    Tenant = scope.Tenant,
                    Agent = scope.Agent,
                    User = scope.User,
                    Session = scope.Session,
                    Kind = MemoryKind.Fact,
                    Before = before,
                    Limit = PageFacts,
                    Now = now,
                },
                cancellationToken
            );
            facts.AddRange(read.Select(stored => stored.Fact).Where(fact => CanShow(scope, fact)));
            if (read.Count < PageFacts)
            {
                return (facts, facts.Count <= options.KnownFacts);
            }

            if (facts.Count > options.KnownFacts)
            {
                break;
            }

            before = read[^1].Position;
        }

        return (facts, false);
    }

    private async Task<List<MemoryFact>> RecallAsync(
        MemoryScope scope,
        ImmutableArray<MemoryFact> turns,
        CancellationToken cancellationToken
    )
    {
        IMemoryGrain recall = grains.GetGrain<IMemoryGrain>(scope.ToString());
        var ranked = new List<(int Rank, MemoryFact Fact)>();
        foreach (MemoryFact turn in turns)
        {
            string query = Utf8Text.Cut(turn.Text, MaxQueryBytes);
            if (string.IsNullOrWhiteSpace(query))
            {
                continue;
            }

            RecallResult result = await recall.RecallAsync(
                new RecallRequest
                {
                    Query = query,
                    Kind = MemoryKind.Fact,
                    Limit = RecalledPerTurn,
                    ReferenceInstant = turn.OccurredAt,
                },
                cancellationToken
            );
            ranked.AddRange(
                result.Memories.Select(found => found.Memory).Where(fact => CanShow(scope, fact)).Select((fact, rank) => (rank, fact))
            );
        }

        return [.. ranked.OrderBy(found => found.Rank).Select(found => found.Fact)];
    }

    private bool CanShow(MemoryScope scope, MemoryFact fact) =>
        string.Equals(fact.Agent, scope.Agent, StringComparison.Ordinal)
        && string.Equals(fact.User, scope.User, StringComparison.Ordinal)
        && string.Equals(fact.Session, scope.Session, StringComparison.Ordinal)
        && Encoding.UTF8.GetByteCount(fact.Text) <= options.MaxFactBytes;
}
