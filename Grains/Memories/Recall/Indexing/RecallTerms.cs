using OrleansMemory.Grains.Text;

namespace OrleansMemory.Grains.Memories.Recall.Indexing;

/// <summary>
/// What is indexed of a token: the stem of a word in the language of its text, anything else as it is; nothing of stop words.
/// </summary>
internal static class RecallTerms
{
    private const char FirstOfOtherScripts = '\u0370';

    /// <summary>The term of a token.</summary>
    /// <param name="token">The token.</param>
    /// <param name="language">The language of its text.</param>
    /// <returns>Its term; empty when it is a stop word.</returns>
    public static string Of(Token token, TextLanguage language = TextLanguage.English)
    {
        if (token.Kind != TokenKind.Word)
        {
            return token.Text;
        }

        if (FunctionWords.Contains(token.Text, language) || (language == TextLanguage.English && IsContraction(token.Text)))
        {
            return "";
        }

        return token.Text[0] >= FirstOfOtherScripts ? ForeignStems.OfScript(token.Text)
            : language == TextLanguage.English ? WordVariants.StemOf(token.Text)
            : ForeignStems.Of(token.Text, language);
    }

    /// <summary>What the tokenizer leaves of "haven't" and the like, where <see cref="StopWords"/> has not got it.</summary>
    private static bool IsContraction(string word) =>
        word is "aren" or "couldn" or "hadn" or "hasn" or "haven" or "mustn" or "needn" or "shouldn" or "weren" or "wouldn" or "let";
}

/// <summary>Stems of words that are not English: of the language that a text is written in, or of the script that the word has.</summary>
internal static class ForeignStems
{
    private const int LeastArabic = 3;

    private static readonly LightStemmer German = new(3, "3 e en er es em n st ste", "4 ern t s te ten tet et est ens isch");
    private static readonly LightStemmer French = new(3, "3 s x e es ee ees", "4 er ez ent ait ais aient ons ant euse eux ir it issent");
    private static readonly LightStemmer Spanish = new(
        3,
        "3 s es o a os as e ar er ir an en",
        "4 aba aban ado ada ido ida ando iendo aron ieron mente"
    );

    private static readonly LightStemmer Russian = new(
        2,
        "3 а е и о у ы ь ю я й ей ий ый ой ем им ым ом их ых ую юю ая яя ою ею ее ие ые ое ам ям ах ях ов ев ья ье ью ия ию ии",
        "3 его ого ему ому ими ыми ами ями иям иях ием ией иями ешь ишь ет ит ют ут ят ат ла ло ли л ть ся сь лся лась лись лось ться",
        "4 ешься ишься ется ится ются ятся ала ало али ила ило или ела ело ели ать ять ить еть ал ил ел ает яет ают яют аем аю"
    );

    private static readonly LightStemmer Arabic = new(2, "3 ها ان ات ون ين يه ية ه ة ي");
    private static readonly string[] ArabicPrefixes = ["وال", "بال", "كال", "فال", "لل", "ال", "و"];

    /// <summary>The stem of a word in the language of its text.</summary>
    /// <param name="word">A folded word of Latin script.</param>
    /// <param name="language">The language, not English.</param>
    /// <returns>The stem.</returns>
    public static string Of(string word, TextLanguage language) =>
        language switch
        {
            TextLanguage.German => German.Stem(word),
            TextLanguage.French => French.Stem(word.EndsWith("aux", StringComparison.Ordinal) && word.Length > 5 ? word[..^2] + "l" : word),
            _ => Spanish.Stem(word),
        };

    /// <summary>The stem of a word that is not of Latin script.</summary>
    /// <param name="word">A folded word.</param>
    /// <returns>The stem; the word itself where the endings of its script are not known.</returns>
    public static string OfScript(string word) =>
        word[0] switch
        {
            >= '\u0400' and <= '\u04FF' => Russian.Stem(word),
            >= '\u0620' and <= '\u06FF' => Arabic.Stem(WithoutPrefix(Plain(word))),
            _ => word,
        };

    /// <summary>Letters of Arabic that are written one for the other, as one.</summary>
    private static string Plain(string word) =>
        word.Replace('أ', 'ا').Replace('إ', 'ا').Replace('آ', 'ا').Replace('ى', 'ي').Replace('ک', 'ك').Replace('ی', 'ي');

    private static string WithoutPrefix(string word)
    {
        foreach (string prefix in ArabicPrefixes)
        {
            if (word.StartsWith(prefix, StringComparison.Ordinal) && word.Length - prefix.Length >= LeastArabic)
            {
                return word[prefix.Length..];
            }
        }

        return word;
    }
}

/// <summary>
/// Takes common endings off, so that forms of a word meet. It is meant to be light in the sense of J. Savoy, "Light stemming approaches for
/// the French, Portuguese, German and Hungarian languages" (2006): what is left need be no word, only the same for most forms of one.
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
        rules
            .SelectMany(rule => Endings(rule).Select(ending => (ending, Least: rule[0] - '0')))
            .ToDictionary(pair => pair.ending, pair => pair.Least, StringComparer.Ordinal);

    private static IEnumerable<string> Endings(string rule) => rule.Split(' ').Skip(1);
}
