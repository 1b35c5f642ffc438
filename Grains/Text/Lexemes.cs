namespace OrleansMemory.Grains.Text;

/// <summary>What is indexed of a token.</summary>
internal static class Lexemes
{
    /// <summary>
    /// The number of this analysis. Raise it with every change of tokens, folding or stems: what was indexed under another number is
    /// indexed anew.
    /// </summary>
    public const short Analysis = 1;

    /// <summary>The lexeme of a token: the stem of an English word, anything else as it is.</summary>
    /// <returns>Its lexeme: letters, digits and marks only.</returns>
    public static string Of(Token token) => token.Kind == TokenKind.Word ? PorterStemmer.Stem(token.Text) : token.Text;
}
