namespace OrleansMemory.Grains.Memories.Recall;

/// <summary>
/// Takes common endings off, so that forms of a word meet. It is meant to be light in the sense of J. Savoy, "Light stemming approaches for the French,
/// Portuguese, German and Hungarian languages" (2006): what is left need be no word, only the same for most forms of one.
/// </summary>
/// <param name="passes">How often an ending may be taken off: plurals end behind genders.</param>
/// <param name="rules">Each: a number, then the endings after which at least so many letters must be left.</param>
internal sealed class LightStemmer(int passes, params IReadOnlyList<string> rules)
{
    private readonly Dictionary<string, int> _leastLeft = Read(rules);
    private readonly int _longest = rules.SelectMany(Endings).Max(ending => ending.Length);

    /// <summary>Takes the endings off a word.</summary>
    /// <param name="word">A folded word.</param>
    /// <returns>Its stem.</returns>
    public string Stem(string word)
    {
        Dictionary<string, int>.AlternateLookup<ReadOnlySpan<char>> endings = _leastLeft.GetAlternateLookup<ReadOnlySpan<char>>();
        ReadOnlySpan<char> stem = word;
        for (int pass = 0; pass < passes; pass++)
        {
            int left = WithoutEnding(stem, endings);
            if (left == stem.Length)
            {
                break;
            }

            stem = stem[..left];
        }

        // What an ending has doubled: "chatte", "bonne".
        return stem.Length < word.Length && stem.Length > 3 && stem[^1] == stem[^2] ? stem[..^1].ToString() : stem.ToString();
    }

    /// <summary>How many letters the longest ending that may go leaves.</summary>
    private int WithoutEnding(ReadOnlySpan<char> word, Dictionary<string, int>.AlternateLookup<ReadOnlySpan<char>> endings)
    {
        for (int length = Math.Min(_longest, word.Length - 1); length > 0; length--)
        {
            int left = word.Length - length;
            if (endings.TryGetValue(word[left..], out int least) && left >= least)
            {
                return left;
            }
        }

        return word.Length;
    }

    private static Dictionary<string, int> Read(IReadOnlyList<string> rules) =>
        rules.SelectMany(rule => Endings(rule).Select(ending => (ending, Least: rule[0] - '0')))
            .ToDictionary(pair => pair.ending, pair => pair.Least, StringComparer.Ordinal);

    private static IEnumerable<string> Endings(string rule) => rule.Split(' ').Skip(1);
}
