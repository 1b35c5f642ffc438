using OrleansMemory.Grains.Memories.Recall.Indexing;
using OrleansMemory.Grains.Memories.Recall.Scoring;
using Xunit;

namespace OrleansMemory.Tests.Memories.Recall;

public sealed class EpisodeSpreadTests
{
    [Theory]
    [InlineData(0.0, "0 1 2 3 4")]
    [InlineData(0.2, "0 1 3 4 2")]
    [InlineData(10.0, "0 3 4 1 2")]
    public void A_chosen_memory_holds_back_its_episode(double strength, string expected) =>
        Assert.Equal(expected, string.Join(' ', Choose(strength, 5).Select(chosen => chosen.Slot)));

    [Fact]
    public void Scores_fall_and_no_more_than_the_limit_are_chosen()
    {
        ScoredSlot[] chosen = Choose(0.5, 3);
        Assert.Equal(3, chosen.Length);
        Assert.Equal(chosen.Select(memory => memory.Score).OrderDescending(), chosen.Select(memory => memory.Score));
    }

    /// <summary>Slots 0, 1 and 2 are of one episode, 3 of another, 4 stands by itself.</summary>
    private static ScoredSlot[] Choose(double strength, int limit)
    {
        var entries = new MemoryEntries();
        Episode[] episodes = [new("a", 0), new("b", 1)];
        foreach (Episode? episode in new[] { episodes[0], episodes[0], episodes[0], episodes[1], null })
        {
            entries.Add(
                new MemoryEntry
                {
                    Id = $"m{entries.Count}",
                    Terms = [],
                    Episode = episode,
                }
            );
        }

        return EpisodeSpread.Choose([new(0, 1), new(1, 0.97), new(2, 0.9), new(3, 0.8), new(4, 0.7)], entries, strength, limit);
    }
}
