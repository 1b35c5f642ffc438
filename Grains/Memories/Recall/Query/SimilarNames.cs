using System.Collections.Frozen;

namespace OrleansMemory.Grains.Memories.Recall.Query;

/// <summary>Tells whether two first names are likely the same: a short form of each other, or one of them misspelt.</summary>
internal static class SimilarNames
{
    private const int LeastShort = 3;
    private const int LeastMisspelt = 4;
    private const int LeastTwice = 8;

    /// <summary>Each line: short forms that are no beginning of the name, then the names that they stand for.</summary>
    private const string ShortForms = """
        mike mick: michael
        bill billy: william
        bob bobby: robert
        dick rick: richard
        jim jimmy: james
        jack: john
        tony: anthony antonio
        nick: nicholas nicolas
        liz lizzie beth betty: elizabeth
        kate katie kathy kat: katherine catherine kathryn
        peggy meg: margaret
        maggie: margaret magdalena
        sue: susan susanna
        becky: rebecca
        ted: edward theodore
        chuck: charles
        hank: henry
        harry: harold henry
        larry: lawrence laurence
        tina: christina
        sasha: alexander alexandra
        lexi: alexandra alexis
        gina: regina
        trish: patricia
        """;

    private static readonly FrozenSet<(string Short, string Name)> Known = ReadShortForms();

    /// <summary>
    /// Whether one is a short form of the other: its beginning, perhaps with "y", "ie" or "e" behind it, or one that is known.
    /// </summary>
    /// <param name="word">A folded word.</param>
    /// <param name="name">A folded name.</param>
    /// <returns>Whether it is.</returns>
    public static bool IsShortForm(string word, string name) => word != name && (IsShortOf(word, name) || IsShortOf(name, word));

    /// <summary>
    /// Whether a word is a name with one letter more, less, changed or exchanged with the next one; in a long name it may be two.
    /// </summary>
    /// <param name="word">A folded word.</param>
    /// <param name="name">A folded name.</param>
    /// <returns>Whether it is.</returns>
    public static bool IsMisspelt(string word, string name)
    {
        int allowed = name.Length >= LeastTwice ? 2 : 1;
        return word.Length >= LeastMisspelt
            && name.Length >= LeastMisspelt
            && word[0] == name[0]
            && Math.Abs(word.Length - name.Length) <= allowed
            && Distance(word, name) <= allowed;
    }

    private static bool IsShortOf(string word, string name)
    {
        if (Known.Contains((word, name)))
        {
            return true;
        }

        string stem =
            word.EndsWith("ie", StringComparison.Ordinal) ? word[..^2]
            : word.EndsWith('y') || word.EndsWith('e') ? word[..^1]
            : word;
        string single = stem.Length > LeastShort && stem[^1] == stem[^2] ? stem[..^1] : stem;
        return word.Length >= LeastShort
            && name.Length > word.Length
            && (name.StartsWith(word, StringComparison.Ordinal) || IsBeginning(stem, name) || IsBeginning(single, name));
    }

    private static bool IsBeginning(string stem, string name) =>
        stem.Length >= LeastShort && name.StartsWith(stem, StringComparison.Ordinal);

    /// <summary>The distance of Damerau and Levenshtein, where no part is changed twice.</summary>
    private static int Distance(string left, string right)
    {
        int[,] distances = new int[left.Length + 1, right.Length + 1];
        for (int i = 0; i <= left.Length; i++)
        {
            for (int j = 0; j <= right.Length; j++)
            {
                if (i == 0 || j == 0)
                {
                    distances[i, j] = i + j;
                    continue;
                }

                int changed = distances[i - 1, j - 1] + (left[i - 1] == right[j - 1] ? 0 : 1);
                distances[i, j] = Math.Min(changed, 1 + Math.Min(distances[i - 1, j], distances[i, j - 1]));
                if (i > 1 && j > 1 && left[i - 1] == right[j - 2] && left[i - 2] == right[j - 1])
                {
                    distances[i, j] = Math.Min(distances[i, j], 1 + distances[i - 2, j - 2]);
                }
            }
        }

        return distances[left.Length, right.Length];
    }

    private static FrozenSet<(string, string)> ReadShortForms() =>
        ShortForms
            .Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
            .Select(line => line.Split(": "))
            .SelectMany(parts => parts[0].Split(' ').SelectMany(form => parts[1].Split(' ').Select(name => (form, name))))
            .ToFrozenSet();
}
