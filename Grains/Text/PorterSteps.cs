namespace OrleansMemory.Grains.Text;

/// <summary>The five steps of Porter's algorithm on one word, in place.</summary>
/// <param name="letters">The word, with room for one letter more.</param>
internal ref struct PorterSteps(Span<char> letters, int length)
{
    private static readonly (string Suffix, string Replacement)[] Step2 =
    [
        ("ational", "ate"),
        ("tional", "tion"),
        ("enci", "ence"),
        ("anci", "ance"),
        ("izer", "ize"),
        ("abli", "able"),
        ("alli", "al"),
        ("entli", "ent"),
        ("eli", "e"),
        ("ousli", "ous"),
        ("ization", "ize"),
        ("ation", "ate"),
        ("ator", "ate"),
        ("alism", "al"),
        ("iveness", "ive"),
        ("fulness", "ful"),
        ("ousness", "ous"),
        ("aliti", "al"),
        ("iviti", "ive"),
        ("biliti", "ble"),
    ];

    private static readonly (string Suffix, string Replacement)[] Step3 =
    [
        ("icate", "ic"),
        ("ative", ""),
        ("alize", "al"),
        ("iciti", "ic"),
        ("ical", "ic"),
        ("ful", ""),
        ("ness", ""),
    ];

    private static readonly string[] Step4 =
    [
        "al",
        "ance",
        "ence",
        "er",
        "ic",
        "able",
        "ible",
        "ant",
        "ement",
        "ment",
        "ent",
        "ion",
        "ou",
        "ism",
        "ate",
        "iti",
        "ous",
        "ive",
        "ize",
    ];

    private readonly Span<char> _letters = letters;
    private int _length = length;

    /// <summary>What is left of the word.</summary>
    public readonly ReadOnlySpan<char> Stem => _letters[.._length];

    /// <summary>Runs all steps.</summary>
    public void Run()
    {
        Plurals();
        PastAndProgressive();
        if (EndsIn("y") && HasVowel(_length - 1))
        {
            _letters[_length - 1] = 'i';
        }

        ReplaceLongest(Step2);
        ReplaceLongest(Step3);
        RemoveLongest();
        FinalE();
        if (_length > 1 && EndsIn("ll") && Measure(_length - 1) > 1)
        {
            _length--;
        }
    }

    private void Plurals()
    {
        if (EndsIn("sses") || EndsIn("ies"))
        {
            _length -= 2;
        }
        else if (EndsIn("s") && !EndsIn("ss"))
        {
            _length--;
        }
    }

    private void PastAndProgressive()
    {
        if (EndsIn("eed"))
        {
            if (Measure(_length - 3) > 0)
            {
                _length--;
            }

            return;
        }

        int suffix =
            EndsIn("ed") ? 2
            : EndsIn("ing") ? 3
            : 0;
        if (suffix == 0 || !HasVowel(_length - suffix))
        {
            return;
        }

        _length -= suffix;
        if (EndsIn("at") || EndsIn("bl") || EndsIn("iz") || (Measure(_length) == 1 && EndsInShortSyllable(_length)))
        {
            _letters[_length++] = 'e';
        }
        else if (EndsInDouble() && _letters[_length - 1] is not ('l' or 's' or 'z'))
        {
            _length--;
        }
    }

    private void ReplaceLongest((string Suffix, string Replacement)[] rules)
    {
        (string Suffix, string Replacement) longest = ("", "");
        foreach ((string Suffix, string Replacement) rule in rules)
        {
            longest = rule.Suffix.Length > longest.Suffix.Length && EndsIn(rule.Suffix) ? rule : longest;
        }

        int rest = _length - longest.Suffix.Length;
        if (longest.Suffix.Length > 0 && Measure(rest) > 0)
        {
            longest.Replacement.CopyTo(_letters[rest..]);
            _length = rest + longest.Replacement.Length;
        }
    }

    private void RemoveLongest()
    {
        string longest = "";
        foreach (string suffix in Step4)
        {
            longest = suffix.Length > longest.Length && EndsIn(suffix) ? suffix : longest;
        }

        int rest = _length - longest.Length;
        bool allowed = longest != "ion" || (rest > 0 && _letters[rest - 1] is 's' or 't');
        if (longest.Length > 0 && allowed && Measure(rest) > 1)
        {
            _length = rest;
        }
    }

    private void FinalE()
    {
        if (!EndsIn("e"))
        {
            return;
        }

        int measure = Measure(_length - 1);
        if (measure > 1 || (measure == 1 && !EndsInShortSyllable(_length - 1)))
        {
            _length--;
        }
    }

    private readonly bool EndsIn(string suffix) => Stem.EndsWith(suffix, StringComparison.Ordinal);

    private readonly bool IsConsonant(int at) =>
        _letters[at] switch
        {
            'a' or 'e' or 'i' or 'o' or 'u' => false,
            'y' => at == 0 || !IsConsonant(at - 1),
            _ => true,
        };

    /// <summary>How often a vowel is followed by a consonant in the first letters.</summary>
    private readonly int Measure(int count)
    {
        int measure = 0;
        bool afterVowel = false;
        for (int i = 0; i < count; i++)
        {
            bool consonant = IsConsonant(i);
            measure += consonant && afterVowel ? 1 : 0;
            afterVowel = !consonant;
        }

        return measure;
    }

    private readonly bool HasVowel(int count)
    {
        for (int i = 0; i < count; i++)
        {
            if (!IsConsonant(i))
            {
                return true;
            }
        }

        return false;
    }

    private readonly bool EndsInDouble() => _length > 1 && _letters[_length - 1] == _letters[_length - 2] && IsConsonant(_length - 1);

    /// <summary>Whether the first letters end in consonant, vowel, consonant, the last one not w, x or y.</summary>
    private readonly bool EndsInShortSyllable(int count) =>
        count > 2
        && IsConsonant(count - 1)
        && !IsConsonant(count - 2)
        && IsConsonant(count - 3)
        && _letters[count - 1] is not ('w' or 'x' or 'y');
}
