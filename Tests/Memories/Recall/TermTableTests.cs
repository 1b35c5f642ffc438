using OrleansMemory.Grains.Memories.Recall.Indexing;
using Xunit;

namespace OrleansMemory.Tests.Memories.Recall;

public sealed class TermTableTests
{
    [Theory]
    [InlineData("photograph", "photographi photographer")]
    [InlineData("allerg", "allergi")]
    [InlineData("boat", "")]
    [InlineData("garden", "")]
    [InlineData("interest", "")]
    public void Terms_that_differ_in_their_ends_are_a_family(string term, string family)
    {
        var table = new TermTable();
        foreach (
            string known in (string[])
                ["photographi", "photographer", "photo", "allergi", "boats", "internet", "gardar", "photographerships", "größen"]
        )
        {
            table.NumberOf(known);
        }

        Assert.Equal(family, string.Join(' ', table.FamilyOf(term).Select(number => table[number]).OrderBy(text => text.Length)));
    }

    [Fact]
    public void Generated_changes_leave_the_families_that_are_left()
    {
        string[] words = ["paint", "painter", "painti", "paintings", "print", "printer", "sail"];
        for (int seed = 0; seed < 100; seed++)
        {
            var random = new Random(seed);
            var table = new TermTable();
            var held = new HashSet<string>(StringComparer.Ordinal);
            for (int step = 0; step < 60; step++)
            {
                string word = words[random.Next(words.Length)];
                int number = table.NumberOf(word);
                table.Add(number, 1, 1);
                held.Add(word);
                if (random.Next(2) == 0)
                {
                    table.Remove(number, 1);
                    held.Remove(word);
                }

                Assert.Equal(
                    held.Where(other => other is "painter" or "painti" or "paintings").Order(StringComparer.Ordinal),
                    table.FamilyOf("paint").Select(found => table[found]).Order(StringComparer.Ordinal)
                );
            }
        }
    }

    [Fact]
    public void Generated_changes_leave_the_postings_that_a_dictionary_has()
    {
        for (int seed = 0; seed < 100; seed++)
        {
            var random = new Random(seed);
            var table = new TermTable();
            var model = new SortedDictionary<string, SortedDictionary<int, float>>(StringComparer.Ordinal);
            for (int step = 0; step < 200; step++)
            {
                string term = $"t{random.Next(6)}";
                int slot = random.Next(30);
                if (random.Next(2) == 0)
                {
                    table.Add(table.NumberOf(term), slot, 1);
                    SortedDictionary<int, float> postings = model.TryGetValue(term, out SortedDictionary<int, float>? held)
                        ? held
                        : model[term] = [];
                    postings[slot] = postings.GetValueOrDefault(slot) + 1;
                }
                else if (table.Find(term) is >= 0 and int number)
                {
                    table.Remove(number, slot);
                    model[term].Remove(slot);
                    if (model[term].Count == 0)
                    {
                        model.Remove(term);
                    }
                }

                Assert.Equal(Describe(model), Describe(table));
            }
        }
    }

    [Fact]
    public void A_term_that_nobody_has_gives_its_number_and_bytes_back()
    {
        var table = new TermTable();
        long empty = table.EstimatedBytes;
        int number = table.NumberOf("boat");
        table.Add(number, 7, 1);
        Assert.True(table.EstimatedBytes > empty);
        table.Remove(number, 7);
        Assert.Equal(empty, table.EstimatedBytes);
        Assert.Equal(-1, table.Find("boat"));
        Assert.Equal(number, table.NumberOf("lake"));
        Assert.Equal("lake", table[number]);
    }

    private static string Describe(SortedDictionary<string, SortedDictionary<int, float>> model) =>
        string.Join(
            ';',
            model.Select(term => $"{term.Key}:{string.Join(',', term.Value.Select(posting => $"{posting.Key}={posting.Value}"))}")
        );

    private static string Describe(TermTable table) =>
        string.Join(
            ';',
            Enumerable
                .Range(0, 6)
                .Select(i => $"t{i}")
                .Where(term => table.Find(term) >= 0)
                .Select(term =>
                    $"{term}:{string.Join(',', table.PostingsOf(table.Find(term)).ToArray().Select(posting => $"{posting.Slot}={posting.Weight}"))}"
                )
        );
}
