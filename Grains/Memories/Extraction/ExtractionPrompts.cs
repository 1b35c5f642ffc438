using System.Reflection;
using System.Text.Json;
using Microsoft.Extensions.AI;

namespace OrleansMemory.Grains.Memories.Extraction;

/// <summary>The texts of <c>Prompts</c>, one property per file.</summary>
internal static class ExtractionPrompts
{
    private const string Prefix = "OrleansMemory.Grains.Memories.Extraction.Prompts.";
    private const string FaultMark = "{fault}";

    /// <summary>What the model is to do.</summary>
    public static string Instructions { get; } = Read("instructions.md");

    /// <summary>The form of its replies.</summary>
    public static ChatResponseFormatJson ReplyFormat { get; } = ReadFormat();

    private static string UnreadableText { get; } = Read("unreadable.md");

    /// <summary>What the model is told about a reply that could not be read.</summary>
    /// <param name="fault">One of the sentences of <see cref="ReplyReader"/>; nothing of the reply.</param>
    /// <returns>The text.</returns>
    public static string Unreadable(string fault) => UnreadableText.Replace(FaultMark, fault, StringComparison.Ordinal);

    /// <summary>Reads a text of the assembly.</summary>
    /// <param name="file">The file.</param>
    /// <returns>Its text, without white space at its ends.</returns>
    /// <exception cref="InvalidOperationException">The assembly does not have it.</exception>
    public static string Read(string file)
    {
        using Stream stream =
            Assembly.GetExecutingAssembly().GetManifestResourceStream(Prefix + file)
            ?? throw new InvalidOperationException(
                $"The prompt '{file}' is missing from the assembly; it belongs into Memories/Extraction/Prompts."
            );
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd().Trim();
    }

    private static ChatResponseFormatJson ReadFormat()
    {
        using JsonDocument schema = JsonDocument.Parse(Read("reply-schema.json"));
        return ChatResponseFormat.ForJsonSchema(schema.RootElement.Clone(), "memory_changes", "How the known facts change.");
    }
}
