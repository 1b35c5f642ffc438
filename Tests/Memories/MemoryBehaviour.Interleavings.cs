using OrleansMemory.Memories;
using Xunit;

namespace OrleansMemory.Tests.Memories;

// Whatever happened before, a scope recalls what one recalls that was not active before.
public abstract partial class MemoryBehaviour
{
    private static readonly string[] Words = ["bees", "honey", "hive", "garden", "rain", "tea", "cake", "Oslo"];

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public async Task Active_scopes_recall_what_fresh_ones_recall(int seed)
    {
        var random = new Random(seed);
        MemoryScope[] scopes =
        [
            Scope("a"),
            Scope(user: "u"),
            Scope("a", "u"),
            Scope("a", "u", "s"),
            Scope(session: "s"),
            Scope("a", session: "s"),
        ];
        List<string> ids = [];
        for (int round = 0; round < 8; round++)
        {
            for (int step = 0; step < 12; step++)
            {
                await StepAsync(random, scopes, ids);
            }

            foreach (MemoryScope scope in scopes)
            {
                string query = $"{Words[random.Next(Words.Length)]} {Words[random.Next(Words.Length)]}";
                RecallResult active = await Memory(scope).RecallAsync(new RecallRequest { Query = query, Limit = 100 });
                await Host.DeactivateAsync(Memory(scope));
                RecallResult fresh = await Memory(scope).RecallAsync(new RecallRequest { Query = query, Limit = 100 });
                Assert.True(
                    active.Considered == fresh.Considered && active.Memories.Select(Shown).SequenceEqual(fresh.Memories.Select(Shown)),
                    $"seed {seed}, round {round}, {scope}: {string.Join("; ", active.Memories.Select(Shown))} but fresh {string.Join("; ", fresh.Memories.Select(Shown))}"
                );
                if (random.Next(2) == 0)
                {
                    await Host.DeactivateAsync(Memory(scope));
                }
            }
        }

        static (MemoryFact, double) Shown(RecalledMemory recalled) => (recalled.Memory, Math.Round(recalled.Score, 9));
    }

    private async Task StepAsync(Random random, MemoryScope[] scopes, List<string> ids)
    {
        MemoryScope scope = scopes[random.Next(scopes.Length)];
        string? id = ids.Count == 0 ? null : ids[random.Next(ids.Count)];
        switch (random.Next(10))
        {
            case 0 when id is not null && await Directory.GetAsync(id) is not null:
                await Directory.UpdateAsync(
                    id,
                    new MemoryUpdate
                    {
                        Text = Text(random),
                        TimeToLive = random.Next(3) == 0 ? TimeSpan.FromMinutes(random.Next(1, 90)) : null,
                    }
                );
                break;
            case 1 when id is not null:
                await Directory.DeleteAsync(id);
                break;
            case 2:
                // Some pauses end episodes.
                Clock.Advance(TimeSpan.FromMinutes(random.Next(1, 45)));
                break;
            case 3 when random.Next(6) == 0:
                await Memory(scope).ClearAsync();
                break;
            case 4:
                await RecallAsync(Memory(scope), Text(random));
                break;
            default:
                NewMemory[] memories =
                [
                    .. Enumerable
                        .Range(0, random.Next(1, 4))
                        .Select(_ =>
                            random.Next(3) == 0
                                ? Fact(Text(random))
                                : Turn(Text(random), "Ada") with
                                {
                                    OccurredAt = random.Next(4) == 0 ? Clock.GetUtcNow().AddMinutes(-random.Next(100)) : null,
                                }
                        ),
                ];
                RecordReceipt receipt = await Memory(scope)
                    .RecordAsync(
                        Request(memories) with
                        {
                            TimeToLive = random.Next(4) == 0 ? TimeSpan.FromMinutes(random.Next(1, 200)) : null,
                        }
                    );
                ids.AddRange(receipt.MemoryIds);
                break;
        }
    }

    private static string Text(Random random) =>
        string.Join(' ', Enumerable.Range(0, random.Next(2, 7)).Select(_ => Words[random.Next(Words.Length)]));
}
