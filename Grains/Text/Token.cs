namespace OrleansMemory.Grains.Text;

/// <summary>One token of a text. Its index among the tokens of the text is its position.</summary>
/// <param name="Text">Its folded form, not stemmed.</param>
/// <param name="Start">Where it starts in the text, in UTF-16 units.</param>
/// <param name="Length">How long it is there.</param>
internal readonly record struct Token(string Text, TokenKind Kind, int Start, int Length);

/// <summary>What a token is.</summary>
internal enum TokenKind
{
    /// <summary>A word between spaces or punctuation.</summary>
    Word,

    /// <summary>Two neighbours of a run that is written without spaces.</summary>
    Pair,

    /// <summary>
    /// The last character of a run that is written without spaces. Directly after a <see cref="Pair"/> it ends the run of that pair.
    /// </summary>
    Character,

    /// <summary>An emoji. The tokenizer of searches gives none; that of memories does.</summary>
    Emoji,
}
