using OrleansMemory.Grains.Memories;
using OrleansMemory.Grains.Memories.Recall;
using OrleansMemory.Grains.Storage;
using OrleansMemory.Memories;
using Xunit;

namespace OrleansMemory.Tests.Memories;

public sealed class ScopeMemoriesTests
{
    private static readonly DateTimeOffset Start = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public void More_than_may_be_held_leaves_the_newest_and_room_is_told()
    {
        var memories = new ScopeMemories(new MemoryOptions { MaxScopeMemories = 10 }, new RecallWeights());
        for (int i = 1; i <= 10; i++)
        {
            memories.Put(Stored(i));
        }

        Assert.Equal((10, false), (memories.Count, memories.IsPartial));
        memories.Put(Stored(12));
        memories.Put(Stored(11));
        Assert.Equal((10, true), (memories.Count, memories.IsPartial));
        Assert.Null(memories.Find("2"));
        Assert.NotNull(memories.Find("3"));

        // One that is older than all that are held does not stay.
        memories.Put(Stored(1));
        Assert.Null(memories.Find("1"));
        Assert.False(memories.HasRoomForOlder);
        memories.Remove("12");
        Assert.False(memories.HasRoomForOlder);
        memories.Remove("11");
        Assert.True(memories.HasRoomForOlder);
    }

    [Fact]
    public void Texts_are_bounded_but_for_the_newest_memory()
    {
        var memories = new ScopeMemories(new MemoryOptions { MaxScopeBytes = 1024 * 1024 }, new RecallWeights());
        memories.Put(Stored(1));
        memories.Put(Stored(2, new string('x', 400_000)));
        Assert.Equal(2, memories.Count);
        memories.Put(Stored(3, new string('y', 800_000)));
        Assert.Equal((1, true), (memories.Count, memories.IsPartial));
        Assert.NotNull(memories.Find("3"));

        // It holds far less than it may, and still there is no room: to look again would end the same.
        memories.Put(Stored(4));
        Assert.False(memories.HasRoomForOlder);
    }

    [Fact]
    public void An_older_version_does_not_take_the_place_of_a_newer_one()
    {
        var memories = new ScopeMemories(new MemoryOptions(), new RecallWeights());
        StoredFact old = Stored(1, "bees");
        memories.Put(old with { Fact = old.Fact with { Version = 3, Text = "tea" } });
        memories.Put(old with { Fact = old.Fact with { Version = 2 } });
        Assert.Equal("tea", memories.Find("1")!.Fact.Text);
        Assert.Single(
            memories.Terms.Search(
                new RecallQuery
                {
                    Text = "tea",
                    Now = Start,
                    Limit = 5,
                }
            )
        );
        Assert.Empty(
            memories.Terms.Search(
                new RecallQuery
                {
                    Text = "bees",
                    Now = Start,
                    Limit = 5,
                }
            )
        );
    }

    /// <summary>Two turns are of one episode exactly when no pause between two neighbours from one to the other is too long.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    public void Episodes_depend_on_the_turns_that_are_there_alone(int seed)
    {
        var random = new Random(seed);
        var pause = TimeSpan.FromMinutes(10);
        var line = new TurnLine("x", pause);
        SortedDictionary<long, DateTimeOffset> turns = [];
        Dictionary<string, string> told = [];
        for (int step = 0; step < 600; step++)
        {
            IReadOnlyList<string> moved;
            if (turns.Count > 0 && random.Next(5) < 2)
            {
                long gone = turns.Keys.ElementAt(random.Next(turns.Count));
                moved = line.Remove(gone);
                turns.Remove(gone);
                told.Remove($"{gone}");
            }
            else
            {
                long position = random.Next(1_000);
                if (!turns.TryAdd(position, Start.AddMinutes((position / 3.0) + random.Next(-8, 8))))
                {
                    continue;
                }

                moved = line.Insert(position, $"{position}", turns[position]);
                told[$"{position}"] = line.EpisodeOf(position);
            }

            foreach (string id in moved)
            {
                told[id] = line.EpisodeOf(long.Parse(id, System.Globalization.CultureInfo.InvariantCulture));
            }

            AssertDivided(turns, told, pause, $"seed {seed}, step {step}");
            Assert.Equal(turns.Count == 0, line.IsEmpty);
        }
    }

    private static void AssertDivided(
        SortedDictionary<long, DateTimeOffset> turns,
        Dictionary<string, string> told,
        TimeSpan pause,
        string where
    )
    {
        (string Episode, DateTimeOffset At)? before = null;
        HashSet<string> closed = [];
        foreach ((long position, DateTimeOffset at) in turns)
        {
            string episode = told[$"{position}"];
            if (before is { } last)
            {
                bool together = (at - last.At).Duration() <= pause;
                Assert.True(together == (episode == last.Episode), $"{where}: the pause before {position} is not as it should be");
                if (!together)
                {
                    closed.Add(last.Episode);
                }
            }

            Assert.True(!closed.Contains(episode), $"{where}: {position} is of an episode that has ended");
            before = (episode, at);
        }
    }

    private static StoredFact Stored(long position, string text = "text") =>
        new(
            position,
            new MemoryFact
            {
                Id = $"{position}",
                Kind = MemoryKind.Turn,
                User = "u",
                Text = text,
                OccurredAt = Start,
                CreatedAt = Start,
                UpdatedAt = Start,
                Version = 1,
            },
            default
        );
}
