using System.Collections.Frozen;
using OrleansMemory.Grains.Text;

namespace OrleansMemory.Grains.Memories.Recall.Indexing;

/// <summary>
/// Words that say little by themselves, in the languages whose endings are known: what a text is written in shows in them, and they are no
/// terms of it. As the tokenizer of memories folds them.
/// </summary>
internal static class FunctionWords
{
    // The language of a long text shows in its beginning.
    private const int MaxTokens = 1_000;

    // What a word tells, and an ambiguous one: one of the first is enough, or three of the second.
    private const int Clear = 3;
    private const int Vague = 1;
    private const int VagueBit = 16;
    private const char FirstCyrillic = '\u0400';

    private const string German = """
        aber als am an auch auf aus bei bin bis bist da dann das dass dein deine deinem deinen deiner dem den der des dich die dir doch du ein eine einem einen einer
        eines er es euch euer fur gerne gibt habe haben hast hat hatte ich ihm ihn ihnen ihr ihre im in ins ist ja kann kein keine mal man mehr mein meine meinem
        meinen meiner mich mir mit nach nicht noch nur ob oder schon sehr sein seine sich sie sind so uber um und uns unser unsere viel vom von vor wann war warum
        was weil welche welchem welchen welcher welches wem wen wenn wer wie wieder wir wird wo wohin zu zum zur
        """;

    private const string French = """
        ai as au aussi aux avec avez avons bien c ce cela ces cet cette comme comment d dans de des donc du elle elles en es est et etait ete etes eu il ils j je l la
        le les leur leurs lui m ma mais me mes moi mon n ne nos notre nous on ont ou par pas plus pour pourquoi qu quand que quel quelle quelles quels qui quoi s sa
        se ses si son sommes sont suis sur t ta te tes toi ton tres tu un une vos votre vous y
        """;

    private const string Spanish = """
        a al algo como con cual cuales cuando cuanto de del desde donde e el ella ellas ellos en entre era eres es esa ese eso esta estan estas este esto estos estoy
        fue ha hasta hay he la las le les lo los mas me mi mis muy ni no nos nosotros o para pero por porque que quien quienes se ser si sin sobre son soy su sus
        tambien te tengo ti tiene tienes tu tus un una unas uno unos y ya yo
        """;

    private const string Russian = """
        а бы был была были было быть в вам вас во вот все всегда вы где да для до его ее если есть еще же за зачем и из или им их к как какая какие какой когда кого
        кто ли меня мне мой моя мое мои мы на над нас наш не него нет но о об он она они от по под почему при с свой себя со так там твой тебе тебя то тоже только ты
        у уже что чтобы чья чье чей это этот я
        """;

    /// <summary>
    /// Words of them that are English as well, or stand in names: "Los Angeles", "en route". They tell little of the language.
    /// </summary>
    private const string Ambiguous = """
        a al am an as au aux bin c comment como con d dans de del dem den des die du el en era es et eu fur ha has hasta hat he in ja j l la las le les lo los m ma mais
        mal man mas me mes n no on or par pas plus pour s se ses si sin so son sur t te tes ton tu um un une unas uno us war was y ya yo
        """;

    private static readonly int LanguageCount = Enum.GetValues<TextLanguage>().Length;
    private static readonly FrozenSet<string> GermanWords = Read(German);
    private static readonly FrozenSet<string> FrenchWords = Read(French);
    private static readonly FrozenSet<string> SpanishWords = Read(Spanish);
    private static readonly FrozenSet<string> RussianWords = Read(Russian);
    private static readonly FrozenDictionary<string, int> Marks = ReadMarks();

    /// <summary>Whether a word is one of a language's.</summary>
    /// <param name="word">A folded word.</param>
    /// <param name="language">The language; what is of another script is known by itself.</param>
    /// <returns>Whether it is.</returns>
    public static bool Contains(string word, TextLanguage language) =>
        word[0] >= FirstCyrillic
            ? RussianWords.Contains(word)
            : language switch
            {
                TextLanguage.German => GermanWords.Contains(word),
                TextLanguage.French => FrenchWords.Contains(word),
                TextLanguage.Spanish => SpanishWords.Contains(word),
                _ => StopWords.Contains(word),
            };

    /// <summary>
    /// The language that a text is written in, told by the words of this kind that it has: the one with most, more than of English and of
    /// any other.
    /// </summary>
    /// <param name="tokens">The tokens of the text.</param>
    /// <returns>The language; English when no other one is told.</returns>
    public static TextLanguage LanguageOf(List<Token> tokens)
    {
        Span<int> told = stackalloc int[LanguageCount];
        for (int i = 0; i < tokens.Count && i < MaxTokens; i++)
        {
            int marks = Marks.GetValueOrDefault(tokens[i].Text);
            for (int language = 0; marks != 0 && language < told.Length; language++)
            {
                told[language] +=
                    (marks & (1 << language)) == 0 ? 0
                    : marks >= VagueBit ? Vague
                    : Clear;
            }
        }

        int best = 0;
        for (int language = 1; language < told.Length; language++)
        {
            best = told[language] > told[best] ? language : best;
        }

        bool isAlone = told[best] >= Clear && told.Count(told[best]) == 1;
        return isAlone ? (TextLanguage)best : TextLanguage.English;
    }

    /// <summary>Which languages a word tells, a bit for each by its value.</summary>
    private static FrozenDictionary<string, int> ReadMarks()
    {
        FrozenSet<string> ambiguous = Read(Ambiguous);
        var marks = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (
            (TextLanguage language, IEnumerable<string> words) in ((TextLanguage, IEnumerable<string>)[])
                [
                    (TextLanguage.English, StopWords.All),
                    (TextLanguage.German, GermanWords),
                    (TextLanguage.French, FrenchWords),
                    (TextLanguage.Spanish, SpanishWords),
                ]
        )
        {
            foreach (string word in words)
            {
                marks[word] = marks.GetValueOrDefault(word) | (1 << (int)language) | (ambiguous.Contains(word) ? VagueBit : 0);
            }
        }

        return marks.ToFrozenDictionary(StringComparer.Ordinal);
    }

    private static FrozenSet<string> Read(string words) =>
        words
            .Split((char[])[' ', '\n', '\r'], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
            .ToFrozenSet(StringComparer.Ordinal);
}
