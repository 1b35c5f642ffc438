using Microsoft.Extensions.Options;
using OrleansMemory.Grains.Memories.Recall;
using OrleansMemory.Grains.Storage;

namespace OrleansMemory.Grains.Memories.Vectors;

/// <summary>What recall by meaning adds to recall by terms. Without a generator it adds nothing and costs nothing.</summary>
/// <param name="source">The generator.</param>
/// <param name="queries">Embeds questions.</param>
/// <param name="options">How the two are fused.</param>
internal sealed class MeaningSearch(EmbeddingSource source, QueryEmbedder queries, IOptions<VectorOptions> options)
{
    private static readonly Task<ReadOnlyMemory<float>> Nowhere = Task.FromResult(ReadOnlyMemory<float>.Empty);

    private readonly ScoreFusion _fusion = new(options.Value);

    /// <summary>The model whose vectors are searched; <see langword="null"/> for none, or none yet.</summary>
    public VectorModel? Model => source.Model;

    /// <summary>Finds out what a question means.</summary>
    /// <param name="query">The question.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>Where its vector points; empty when there is none to be had.</returns>
    public Task<ReadOnlyMemory<float>> UnderstandAsync(string query, CancellationToken cancellationToken) =>
        source.Model is null ? Nowhere : queries.EmbedAsync(query, cancellationToken);

    /// <summary>Ranks the memories of a scope.</summary>
    /// <param name="terms">Finds them by their terms.</param>
    /// <param name="vectors">Finds those that have vectors by these; <see langword="null"/> when there is no model.</param>
    /// <param name="query">The question.</param>
    /// <param name="meaning">What it means; empty when that is not known.</param>
    /// <returns>Best first, at most <see cref="RecallQuery.Limit"/>.</returns>
    public IReadOnlyList<RecallHit> Rank(RecallIndex terms, VectorIndex? vectors, RecallQuery query, ReadOnlyMemory<float> meaning)
    {
        return vectors is not { Count: > 0 } || !Counts(meaning, vectors.Dimensions)
            ? terms.Search(query)
            : Fuse(
                terms,
                vectors.Search(meaning.Span, CandidatesFor(query.Limit), (float)options.Value.MinSimilarity, query.Accept),
                query
            );
    }

    /// <summary>Ranks the memories of a scope whose vectors the store has searched.</summary>
    /// <param name="terms">Finds them by their terms.</param>
    /// <param name="nearest">Those that the store has found, the nearest first.</param>
    /// <param name="query">The question.</param>
    /// <returns>Best first, at most <see cref="RecallQuery.Limit"/>.</returns>
    public IReadOnlyList<RecallHit> Rank(RecallIndex terms, IEnumerable<VectorHit> nearest, RecallQuery query) =>
        Fuse(
            terms,
            [.. nearest.Where(hit => hit.Similarity >= options.Value.MinSimilarity && query.Accept?.Invoke(hit.Id) != false)],
            query
        );

    /// <summary>Whether a question is looked for by its meaning.</summary>
    /// <param name="meaning">What it means; empty when that is not known.</param>
    /// <param name="dimensions">The dimensions of the vectors that are there.</param>
    public bool Counts(ReadOnlyMemory<float> meaning, int dimensions) => meaning.Length == dimensions && options.Value.MeaningWeight != 0;

    /// <summary>How many of the best by terms and of the best by meaning are looked at.</summary>
    /// <param name="limit">How many are asked for.</param>
    public int CandidatesFor(int limit) => Math.Max(limit, options.Value.Candidates);

    /// <summary>Of equal facts the one that stands for them is fused, once.</summary>
    private RecallHit[] Fuse(RecallIndex terms, VectorHit[] nearest, RecallQuery query)
    {
        var counts = new Dictionary<string, int>(nearest.Length, StringComparer.Ordinal);
        var meant = new List<VectorHit>(nearest.Length);
        foreach (VectorHit hit in nearest)
        {
            if (terms.NewestOf(hit.Id, query.Accept, out int count) is { } newest && counts.TryAdd(newest, count))
            {
                meant.Add(hit with { Id = newest });
            }
        }

        IReadOnlyList<RecallHit> said = terms.Search(query with { Limit = CandidatesFor(query.Limit) });
        return
        [
            .. _fusion
                .Fuse(said, meant, query.Limit, query.Trace is not null)
                .Select(hit => hit with { Count = counts.GetValueOrDefault(hit.Id, hit.Count) }),
        ];
    }
}
