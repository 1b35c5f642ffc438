using OrleansMemory.Client.Memories;
using OrleansMemory.Memories;
using Xunit;

namespace OrleansMemory.Tests.Client.Memories;

public abstract partial class MemoryClientBehaviour
{
    private static readonly string?[] Names = [null, "1", "2"];

    [Theory]
    [InlineData(20261121)]
    [InlineData(5)]
    public async Task Every_scope_shows_what_has_all_of_its_names_and_nothing_else(int seed)
    {
        var random = new Random(seed);
        var recorded = new Dictionary<string, Named>(StringComparer.Ordinal);
        for (int i = 0; i < 40; i++)
        {
            Named names = Named.Any(random);
            string text = FormattableString.Invariant($"fact {i}");
            recorded[text] = names;
            await Of(names).RecordAsync(new RecordRequest { Memories = [Fact(text)] });
        }

        foreach (Named names in recorded.Values.Distinct())
        {
            string expected = Sorted(recorded.Where(fact => names.Shows(fact.Value)).Select(fact => fact.Key));
            MemoryPage listed = await Of(names).ListAsync(new MemoryListQuery { Limit = 200 });
            RecallResult recalled = await Of(names).RecallAsync("fact", limit: 1_000);
            string because = FormattableString.Invariant($"seed {seed}, {names}: ");
            Assert.Equal(because + expected, because + Sorted(listed.Memories.Select(memory => memory.Text)));
            Assert.Equal(because + expected, because + Sorted(recalled.Memories.Select(memory => memory.Memory.Text)));
        }
    }

    private ScopedMemories Of(Named names) => Client.Memories(names.Agent, names.User, names.Session, _tenant);

    private static string Sorted(IEnumerable<string> texts) => string.Join(", ", texts.Order(StringComparer.Ordinal));

    private sealed record Named(string? Agent, string? User, string? Session)
    {
        public static Named Any(Random random)
        {
            while (true)
            {
                var names = new Named(Names[random.Next(Names.Length)], Names[random.Next(Names.Length)], Names[random.Next(Names.Length)]);
                if (names != new Named(null, null, null))
                {
                    return names;
                }
            }
        }

        public bool Shows(Named other) => Shows(Agent, other.Agent) && Shows(User, other.User) && Shows(Session, other.Session);

        private static bool Shows(string? wanted, string? name) => wanted is null || wanted == name;
    }
}
