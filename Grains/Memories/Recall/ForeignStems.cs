namespace OrleansMemory.Grains.Memories.Recall;

/// <summary>Stems of words that are not English: of the language that a text is written in, or of the script that the word has.</summary>
internal static class ForeignStems
{
    private const int LeastArabic = 3;

    private static readonly LightStemmer German = new(3, "3 e en er es em n st ste", "4 ern t s te ten tet et est ens isch");
    private static readonly LightStemmer French = new(3, "3 s x e es ee ees", "4 er ez ent ait ais aient ons ant euse eux ir it issent");
    private static readonly LightStemmer Spanish = new(3, "3 s es o a os as e ar er ir an en", "4 aba aban ado ada ido ida ando iendo aron ieron mente");

    private static readonly LightStemmer Russian = new(
        2,
        "3 а е и о у ы ь ю я й ей ий ый ой ем им ым ом их ых ую юю ая яя ою ею ее ие ые ое ам ям ах ях ов ев ья ье ью ия ию ии",
        "3 его ого ему ому ими ыми ами ями иям иях ием ией иями ешь ишь ет ит ют ут ят ат ла ло ли л ть ся сь лся лась лись лось ться",
        "4 ешься ишься ется ится ются ятся ала ало али ила ило или ела ело ели ать ять ить еть ал ил ел ает яет ают яют аем аю");

    private static readonly LightStemmer Arabic = new(2, "3 ها ان ات ون ين يه ية ه ة ي");
    private static readonly string[] ArabicPrefixes = ["وال", "بال", "كال", "فال", "لل", "ال", "و"];

    /// <summary>The stem of a word in the language of its text.</summary>
    /// <param name="word">A folded word of Latin script.</param>
    /// <param name="language">The language, not English.</param>
    /// <returns>The stem.</returns>
    public static string Of(string word, TextLanguage language) => language switch
    {
        TextLanguage.German => German.Stem(word),
        TextLanguage.French => French.Stem(word.EndsWith("aux", StringComparison.Ordinal) && word.Length > 5 ? word[..^2] + "l" : word),
        _ => Spanish.Stem(word),
    };

    /// <summary>The stem of a word that is not of Latin script.</summary>
    /// <param name="word">A folded word.</param>
    /// <returns>The stem; the word itself where the endings of its script are not known.</returns>
    public static string OfScript(string word) => word[0] switch
    {
        >= '\u0400' and <= '\u04FF' => Russian.Stem(word),
        >= '\u0620' and <= '\u06FF' => Arabic.Stem(WithoutPrefix(Plain(word))),
        _ => word,
    };

    /// <summary>Letters of Arabic that are written one for the other, as one.</summary>
    private static string Plain(string word) => word.Replace('أ', 'ا').Replace('إ', 'ا').Replace('آ', 'ا').Replace('ى', 'ي').Replace('ک', 'ك').Replace('ی', 'ي');

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
