using OrleansMemory.Errors;
using OrleansMemory.Memories;

namespace OrleansMemory.Silo.Api.Documents;

/// <summary>The words for what memories are and what happened to them.</summary>
internal static class MemoryKinds
{
    /// <summary>The word for a kind.</summary>
    /// <param name="kind">The kind.</param>
    /// <returns>The word.</returns>
    public static string NameOf(MemoryKind kind) =>
        kind switch
        {
            MemoryKind.Turn => "turn",
            _ => "fact",
        };

    /// <summary>The word for what happened.</summary>
    /// <param name="kind">What happened.</param>
    /// <returns>The word.</returns>
    public static string NameOf(MemoryEventKind kind) =>
        kind switch
        {
            MemoryEventKind.Added => "added",
            MemoryEventKind.Updated => "updated",
            _ => "retired",
        };

    /// <summary>Reads the word for a kind.</summary>
    /// <param name="word">The word; <see langword="null"/> names none.</param>
    /// <returns>The kind.</returns>
    /// <exception cref="InvalidRequestException">It is another word.</exception>
    public static MemoryKind? Read(string? word) =>
        word switch
        {
            null => null,
            "turn" => MemoryKind.Turn,
            "fact" => MemoryKind.Fact,
            _ => throw new InvalidRequestException("kind", "A kind is turn or fact."),
        };
}
