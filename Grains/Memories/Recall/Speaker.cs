using OrleansMemory.Grains.Text;

namespace OrleansMemory.Grains.Memories.Recall;

/// <summary>Somebody who said something.</summary>
/// <param name="number">The number in the speaker table.</param>
/// <param name="words">The words of the name, folded; at least one.</param>
internal sealed class Speaker(int number, string[] words)
{
    /// <summary>The number in the speaker table.</summary>
    public int Number => number;

    /// <summary>The words of the name, folded; at least one.</summary>
    public string[] Words => words;

    /// <summary>The term by which facts name this speaker: that of the first word.</summary>
    public string Term { get; } = RecallTerms.Of(new Token(words[0], TokenKind.Word, 0, 0));

    /// <summary>How many memories this speaker has.</summary>
    public int Memories { get; set; }
}
