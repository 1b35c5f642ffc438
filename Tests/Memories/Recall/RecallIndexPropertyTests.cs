using OrleansMemory.Grains.Memories.Recall;
using OrleansMemory.Tests.Support;
using Xunit;

namespace OrleansMemory.Tests.Memories.Recall;

public sealed class RecallIndexPropertyTests
{
    private static readonly string[] Vocabulary =
    [
        "tea",
        "coffee",
        "garden",
        "gardens",
        "hiking",
        "hiked",
        "boat",
        "yesterday",
        "the",
        "of",
        "went",
        "go",
        "Paris",
        "Anna",
        "Tom",
        "violin",
        "2023",
        "last",
        "week",
        "soup",
        "猫が好き",
        "Привет",
        "café",
    ];

    private static readonly string?[] Speakers = ["Anna", "Tom", "Anna Lee", null];

    [Fact]
    public void Any_sequence_of_changes_finds_what_a_fresh_index_finds()
    {
        foreach (int seed in Generated.Seeds(60))
        {
            var random = new Random(seed);
            var index = new RecallIndex(new RecallWeights());
            var documents = new Dictionary<string, RecallDocument>(StringComparer.Ordinal);
            for (int step = 0; step < 120; step++)
            {
                string id = $"m{random.Next(40)}";
                if (random.Next(3) == 0)
                {
                    Assert.Equal(documents.Remove(id), index.Remove(id));
                }
                else
                {
                    index.Put(documents[id] = Document(id, random));
                }

                Assert.Equal(documents.Count, index.Count);
                Assert.Equal(documents.ContainsKey(id), index.Contains(id));
                if (step % 10 == 9)
                {
                    AssertSame(index, documents.Values, random, $"seed {seed}, step {step}");
                }
            }
        }
    }

    private static void AssertSame(RecallIndex index, IReadOnlyCollection<RecallDocument> documents, Random random, string where)
    {
        RecallDocument[] shuffled = [.. documents];
        random.Shuffle(shuffled);
        RecallIndex fresh = Recollections.Index(shuffled);
        for (int i = 0; i < 4; i++)
        {
            string question = string.Join(' ', random.GetItems(Vocabulary, random.Next(0, 5)));
            RecallQuery query = Recollections.Ask(question, random.Next(1, 12), random.Next(2) == 0 ? null : id => id[^1] % 2 == 0);
            Assert.True(fresh.Search(query).SequenceEqual(index.Search(query)), $"{where}: {question}");
        }
    }

    private static RecallDocument Document(string id, Random random) =>
        new()
        {
            Id = id,
            Kind = random.Next(5) == 0 ? RecallKind.Fact : RecallKind.Turn,
            Episode = random.Next(6) == 0 ? null : $"s{random.Next(4)}",
            Position = random.Next(8),
            Speaker = Speakers[random.Next(Speakers.Length)],
            Role = random.Next(2) == 0 ? "user" : null,
            OccurredAt = Recollections.Now.AddDays(-random.Next(10)),
            Text = string.Join(' ', random.GetItems(Vocabulary, random.Next(0, 12))),
            Caption = random.Next(3) == 0 ? string.Join(' ', random.GetItems(Vocabulary, random.Next(0, 4))) : null,
        };
}
