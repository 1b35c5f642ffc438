using OrleansMemory.Grains.Text;

namespace OrleansMemory.Grains.Memories.Recall;

/// <summary>Somebody who said something.</summary>
/// <param name="name">The name, folded.</param>
/// <param name="words">Its words; at least one.</param>
internal sealed class Speaker(string name, string[] words)
{
    /// <summary>The name, folded.</summary>
    public string Name => name;

    /// <summary>Its words; at least one.</summary>
    public string[] Words => words;

    /// <summary>The term by which facts name this speaker: that of the first word.</summary>
    public string Term { get; } = RecallTerms.Of(new Token(words[0], TokenKind.Word, 0, 0));

    /// <summary>How many memories this speaker has.</summary>
    public int Memories { get; set; }
}
