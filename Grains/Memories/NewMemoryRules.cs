using System.Text.Json;
using OrleansMemory.Conversations;
using OrleansMemory.Errors;
using OrleansMemory.Grains.Conversations;
using OrleansMemory.Memories;

namespace OrleansMemory.Grains.Memories;

/// <summary>What a memory may be.</summary>
internal static class NewMemoryRules
{
    private const int MaxTold = 20;

    /// <summary>Refuses a memory that is not valid.</summary>
    /// <param name="memory">The memory.</param>
    /// <param name="path">Where in the request it is.</param>
    /// <param name="options">The limits.</param>
    /// <returns>How many bytes it has, metadata included.</returns>
    /// <exception cref="InvalidRequestException">Some of it is not valid.</exception>
    /// <exception cref="PayloadTooLargeException">It is too large.</exception>
    public static long Check(NewMemory? memory, string path, MemoryOptions options)
    {
        if (memory is null)
        {
            throw new InvalidRequestException(path, $"{path} is missing.");
        }

        if (memory.Kind is not (MemoryKind.Turn or MemoryKind.Fact))
        {
            throw new InvalidRequestException($"{path}.kind", $"{path}.kind must be Turn or Fact.");
        }

        if (memory.Role is not null && !MessageRoles.IsKnown(memory.Role))
        {
            throw new InvalidRequestException(
                $"{path}.role",
                $"{path}.role must be system, user, assistant or tool, or not be given.{Sent(memory.Role)}"
            );
        }

        TextRules.Allow(memory.Speaker, $"{path}.speaker", TextRules.MaxNameBytes);
        TextRules.Allow(memory.MessageId, $"{path}.messageId", TextRules.MaxNameBytes);
        if (string.IsNullOrWhiteSpace(memory.Text) && string.IsNullOrWhiteSpace(memory.Caption))
        {
            throw new InvalidRequestException($"{path}.text", $"{path}.text is empty. It must say something, unless there is a caption.");
        }

        int bytes = CheckText(memory.Text, $"{path}.text", options.MaxMemoryBytes);
        bytes += memory.Caption is null ? 0 : CheckText(memory.Caption, $"{path}.caption", options.MaxMemoryBytes);
        return bytes > options.MaxMemoryBytes
            ? throw new PayloadTooLargeException(path, bytes, options.MaxMemoryBytes, "bytes")
            : bytes + CheckMetadata(memory.Metadata, $"{path}.metadata", options);
    }

    /// <summary>What was sent for a name of a few letters. Anything else may be a text, and no text is logged.</summary>
    private static string Sent(string name) => name.Length <= MaxTold && name.All(char.IsAsciiLetter) ? $" '{name}' was sent." : "";

    /// <summary>Refuses text that is missing, too large or cannot be stored.</summary>
    /// <param name="text">The text.</param>
    /// <param name="path">Where in the request it is.</param>
    /// <param name="maxBytes">The most bytes.</param>
    /// <returns>Its size in UTF-8.</returns>
    public static int CheckText(string? text, string path, int maxBytes)
    {
        if (text is null)
        {
            throw new InvalidRequestException(path, $"{path} is missing.");
        }

        int bytes = text.Length > maxBytes ? text.Length : TextRules.Measure(text, path);
        if (bytes > maxBytes)
        {
            throw new PayloadTooLargeException(path, bytes, maxBytes, "bytes");
        }

        return bytes;
    }

    /// <summary>Refuses metadata that is no JSON object, or too large.</summary>
    /// <param name="metadata">The metadata; <see langword="null"/> for none.</param>
    /// <param name="path">Where in the request it is.</param>
    /// <param name="options">The limits.</param>
    /// <returns>Its size in UTF-8.</returns>
    public static int CheckMetadata(string? metadata, string path, MemoryOptions options) =>
        metadata is null ? 0 : JsonRules.Check(metadata, path, JsonTokenType.StartObject, options.MaxMetadataBytes);
}
