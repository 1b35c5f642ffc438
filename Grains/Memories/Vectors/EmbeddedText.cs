using OrleansMemory.Memories;

namespace OrleansMemory.Grains.Memories.Vectors;

/// <summary>What of a memory is embedded: who said it, what was said, what an image shows.</summary>
internal static class EmbeddedText
{
    /// <summary>The text of a memory for the generator.</summary>
    /// <param name="fact">The memory.</param>
    /// <param name="maxCharacters">How much at most.</param>
    public static string Of(MemoryFact fact, int maxCharacters)
    {
        string text = fact.Speaker is null ? fact.Text : $"{fact.Speaker}: {fact.Text}";
        return Cut(fact.Caption is null ? text : $"{text}\n{fact.Caption}", maxCharacters);
    }

    /// <summary>The start of a text.</summary>
    /// <param name="text">The text.</param>
    /// <param name="maxCharacters">How much at most. No character is cut in two.</param>
    public static string Cut(string text, int maxCharacters) =>
        text.Length <= maxCharacters ? text : text[..(char.IsHighSurrogate(text[maxCharacters - 1]) ? maxCharacters - 1 : maxCharacters)];
}
