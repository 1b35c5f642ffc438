using OrleansMemory.Grains.Memories.Recall;
using OrleansMemory.Grains.Memories.Vectors;
using Xunit;

namespace OrleansMemory.Tests.Memories.Vectors;

public sealed class RankFusionTests
{
    [Fact]
    public void What_both_ranks_know_comes_before_what_only_one_knows()
    {
        IReadOnlyList<RecallHit> fused = Fuse(new VectorOptions(), ["a", "b", "c"], ["d", "c"], 10);
        Assert.Equal(["c", "a", "b", "d"], fused.Select(hit => hit.Id));
    }

    [Fact]
    public void A_place_is_worth_its_weight_over_offset_and_rank()
    {
        var options = new VectorOptions { RankOffset = 20, TermWeight = 2, MeaningWeight = 0.5 };
        IReadOnlyList<RecallHit> fused = Fuse(options, ["a", "b"], ["b"], 10);
        Assert.Equal(["b", "a"], fused.Select(hit => hit.Id));
        Assert.Equal((2.0 / 22) + (0.5 / 21), fused[0].Score, 12);
        Assert.Equal(2.0 / 21, fused[1].Score, 12);
    }

    [Fact]
    public void With_default_weights_the_nearest_by_meaning_comes_after_the_first_five_that_only_share_terms()
    {
        string[] byTerms = [.. Enumerable.Range(0, 100).Select(i => $"{i:00}")];
        Assert.Equal(["00", "01", "02", "03", "04", "meant", "05"], Fuse(new VectorOptions(), byTerms, ["meant"], 7).Select(hit => hit.Id));
    }

    [Fact]
    public void A_rank_without_weight_adds_nothing()
    {
        Assert.Equal(["a"], Fuse(new VectorOptions { MeaningWeight = 0 }, ["a"], ["b", "a"], 10).Select(hit => hit.Id));
        Assert.Equal(["b"], Fuse(new VectorOptions { TermWeight = 0 }, ["a"], ["b"], 10).Select(hit => hit.Id));
    }

    [Fact]
    public void Of_equals_the_one_that_is_better_by_terms_comes_first()
    {
        var even = new VectorOptions { MeaningWeight = 1 };
        Assert.Equal(["z", "a"], Fuse(even, ["z"], ["a"], 10).Select(hit => hit.Id));
        Assert.Equal(["z", "a"], Fuse(even, ["z", "a"], ["a", "z"], 10).Select(hit => hit.Id));
        Assert.Equal(["z"], Fuse(even, ["z", "a"], ["a", "z"], 1).Select(hit => hit.Id));
    }

    private static IReadOnlyList<RecallHit> Fuse(VectorOptions options, string[] byTerms, string[] byMeaning, int limit) => new RankFusion(options).Fuse(
        [.. byTerms.Select((id, i) => new RecallHit(id, 100 - i))], [.. byMeaning.Select((id, i) => new VectorHit(id, 1 - (i / 100f)))], limit);
}
