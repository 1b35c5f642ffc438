using System.Collections.Frozen;
using OrleansMemory.Grains.Memories.Recall.Indexing;
using OrleansMemory.Grains.Text;

namespace OrleansMemory.Grains.Memories.Recall.Query;

/// <summary>
/// Everyday English words that are asked for by other words: those that mean about the same, and kinds of things with common examples of
/// them. Written by hand, and meant to stay small.
/// </summary>
internal static partial class RelatedWords
{
    private static readonly FrozenDictionary<string, string[]> Table = Read();

    /// <summary>The words related to one.</summary>
    /// <param name="term">The term of the word.</param>
    /// <returns>Their terms; none for most words.</returns>
    public static IReadOnlyList<string> Of(string term) => Table.TryGetValue(term, out string[]? related) ? related : [];

    private static FrozenDictionary<string, string[]> Read()
    {
        var table = new Dictionary<string, HashSet<string>>(StringComparer.Ordinal);
        foreach (string line in Lines(Synonyms))
        {
            string[] words = [.. line.Split(' ').Select(TermOf)];
            foreach (string word in words)
            {
                Add(table, word, words);
            }
        }

        foreach (string line in Lines(Kinds))
        {
            string[] parts = line.Split(": ");
            Add(table, TermOf(parts[0]), parts[1].Split(' ').Select(TermOf));
        }

        return table.ToFrozenDictionary(pair => pair.Key, pair => pair.Value.ToArray(), StringComparer.Ordinal);
    }

    private static void Add(Dictionary<string, HashSet<string>> table, string term, IEnumerable<string> related)
    {
        if (!table.TryGetValue(term, out HashSet<string>? all))
        {
            table.Add(term, all = new HashSet<string>(StringComparer.Ordinal));
        }

        all.UnionWith(related);
        all.Remove(term);
    }

    private static string TermOf(string word) => RecallTerms.Of(new Token(word, TokenKind.Word, 0, 0));

    private static string[] Lines(string text) => text.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
}
