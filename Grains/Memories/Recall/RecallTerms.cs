using OrleansMemory.Grains.Text;

namespace OrleansMemory.Grains.Memories.Recall;

/// <summary>What is indexed of a token: the stem of an English word, anything else as it is; nothing of stop words.</summary>
internal static class RecallTerms
{
    /// <summary>The term of a token.</summary>
    /// <param name="token">The token.</param>
    /// <returns>Its term; empty when it is a stop word.</returns>
    public static string Of(Token token)
    {
        if (token.Kind != TokenKind.Word)
        {
            return token.Text;
        }

        return StopWords.Contains(token.Text) || IsContraction(token.Text) ? "" : WordVariants.StemOf(token.Text);
    }

    /// <summary>What the tokenizer leaves of "haven't" and the like, where <see cref="StopWords"/> has not got it.</summary>
    private static bool IsContraction(string word) =>
        word is "aren" or "couldn" or "hadn" or "hasn" or "haven" or "mustn" or "needn" or "shouldn" or "weren" or "wouldn" or "let";
}
