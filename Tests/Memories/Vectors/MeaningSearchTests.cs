using Microsoft.Extensions.Options;
using OrleansMemory.Grains.Memories.Recall;
using OrleansMemory.Grains.Memories.Vectors;
using Xunit;

namespace OrleansMemory.Tests.Memories.Vectors;

public sealed class MeaningSearchTests
{
    private static readonly RecallQuery Query = new()
    {
        Text = "dog paint",
        Now = DateTimeOffset.UnixEpoch,
        Limit = 2,
    };

    [Fact]
    public void Without_a_generator_nothing_is_waited_for()
    {
        using var embeddings = new SomeEmbeddings(generator: null);
        MeaningSearch search = Search(embeddings);
        Assert.Null(search.Model);
        Assert.Same(search.UnderstandAsync("dog", CancellationToken.None), search.UnderstandAsync("car", CancellationToken.None));
        Assert.True(search.UnderstandAsync("dog", CancellationToken.None).IsCompletedSuccessfully);
    }

    [Fact]
    public void Without_vectors_or_a_meaning_the_rank_is_that_of_terms_with_its_scores()
    {
        using var embeddings = new SomeEmbeddings(new MeaningGenerator());
        MeaningSearch search = Search(embeddings);
        RecallIndex terms = Terms();
        var vectors = new VectorIndex(64);
        float[] meaning = MeaningGenerator.VectorOf("kaninor", 64);
        IReadOnlyList<RecallHit> expected = terms.Search(Query);
        Assert.Equal(2, expected.Count);
        Assert.Equal(expected, search.Rank(terms, null, Query, meaning));
        Assert.Equal(expected, search.Rank(terms, vectors, Query, meaning));
        vectors.Put("c", MeaningGenerator.VectorOf("pupilor", 64));
        Assert.Equal(expected, search.Rank(terms, vectors, Query, default));
        Assert.Equal(expected, search.Rank(terms, vectors, Query, new float[32]));
        Assert.NotEqual(expected, search.Rank(terms, vectors, Query with { Limit = 3 }, meaning));
    }

    private static MeaningSearch Search(SomeEmbeddings embeddings) =>
        new(embeddings.Source, embeddings.Queries, Options.Create(new VectorOptions()));

    private static RecallIndex Terms()
    {
        var terms = new RecallIndex(new RecallWeights());
        foreach ((string id, string text) in new[] { ("a", "the dog"), ("b", "some paint, a dog"), ("c", "pupilor") })
        {
            terms.Put(
                new RecallDocument
                {
                    Id = id,
                    Kind = RecallKind.Fact,
                    OccurredAt = DateTimeOffset.UnixEpoch,
                    Text = text,
                }
            );
        }

        return terms;
    }
}
