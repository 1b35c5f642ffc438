using OrleansMemory.Grains.Text;

namespace OrleansMemory.Grains.Memories.Recall;

/// <summary>What is indexed of a token: the stem of a word in the language of its text, anything else as it is; nothing of stop words.</summary>
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
