using System.Collections.Frozen;
using OrleansMemory.Grains.Text;

namespace OrleansMemory.Grains.Memories.Recall.Indexing;

/// <summary>
/// Reads what a short English fact is about when only one thing can be true of it: "Ada lives in", "favourite colour is". Facts with one
/// slot and different values contradict each other. A fact of another form has no slot: it is better to miss a contradiction than to make
/// one up.
/// </summary>
internal static class FactSlot
{
    // In a longer text the words before a verb are not its subject.
    private const int MaxTokens = 16;
    private const int MaxSubject = 4;

    /// <summary>Each line: what it is called, then verbs with one object at a time.</summary>
    private const string Verbs = """
        live: lives in, live in, resides in, is living in, lives at
        work: works at, works for, work at, work for, is employed by
        occupation: works as, work as
        marry: is married to, married to
        engage: is engaged to, engaged to
        birth: was born on, born on
        birthplace: was born in, born in
        name: is called, is named
        study: studies at, study at
        """;

    private static readonly (string Name, string[] Words)[] Relations =
    [
        .. Verbs
            .Split('\n')
            .Select(line => line.Split(": "))
            .SelectMany(parts => parts[1].Split(", ").Select(verb => (parts[0], verb.Split(' ')))),
    ];

    /// <summary>Nouns of which somebody has one, so that "is" says which.</summary>
    private static readonly FrozenSet<string> Single = FrozenSet.ToFrozenSet(
        [
            "name",
            "nickname",
            "birthday",
            "age",
            "address",
            "phone",
            "number",
            "email",
            "job",
            "employer",
            "boss",
            "manager",
            "hometown",
            "wife",
            "husband",
            "spouse",
            "nationality",
            "timezone",
            "salary",
            "diet",
            "height",
            "weight",
            "favourite",
            "favorite",
            "deadline",
            "budget",
        ],
        StringComparer.Ordinal
    );

    /// <summary>Words before a subject that do not tell it from another.</summary>
    private static readonly FrozenSet<string> Openers = FrozenSet.ToFrozenSet(
        ["the", "a", "an", "my", "his", "her", "their", "our", "your", "i", "he", "she", "they", "user", "now", "currently"],
        StringComparer.Ordinal
    );

    /// <summary>Reads the slot of a fact.</summary>
    /// <param name="tokens">The tokens of its text.</param>
    /// <returns>The slot; <see langword="null"/> when it has none.</returns>
    public static string? Of(List<Token> tokens)
    {
        if (tokens.Count > MaxTokens)
        {
            return null;
        }

        int start = 0;
        while (start < tokens.Count && Openers.Contains(tokens[start].Text))
        {
            start++;
        }

        for (int at = start; at < tokens.Count - 1 && at - start <= MaxSubject; at++)
        {
            (string? name, int length) = RelationAt(tokens, start, at);
            if (name is not null && at + length < tokens.Count)
            {
                return string.Join(' ', tokens[start..at].Select(token => WordVariants.StemOf(token.Text)).Append(name));
            }
        }

        return null;
    }

    /// <summary>The relation at a place, and how many tokens it has.</summary>
    private static (string? Name, int Length) RelationAt(List<Token> tokens, int start, int at)
    {
        foreach ((string name, string[] words) in Relations)
        {
            if (at + words.Length <= tokens.Count && words.Index().All(word => tokens[at + word.Index].Text == word.Item))
            {
                return (name, words.Length);
            }
        }

        bool isOfSingle =
            tokens[at].Text == "is"
            && tokens[start..at].Exists(token => Single.Contains(token.Text))
            && tokens[at + 1].Text is not ("not" or "a" or "an");
        return isOfSingle ? ("is", 1) : (null, 0);
    }
}
