using System.Diagnostics.CodeAnalysis;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.AI;
using OrleansMemory.Client.Json;
using OrleansMemory.Memories;

namespace OrleansMemory.Client.Memories;

/// <summary>How chat messages become memories and questions, and how memories become lines for a reader.</summary>
public static class MemoryMessages
{
    /// <summary>The extra property, of a message or of an image in it, that says what the image shows.</summary>
    public const string CaptionProperty = "caption";

    private const int MaxQueryBytes = 64 * 1024;
    private const int MaxNameBytes = 256;

    /// <summary>
    /// The memory of what a message says. A name of its author is cut where it is longer than a memory may have, and an id is left out:
    /// neither is a reason to forget what was said, or what was said beside it.
    /// </summary>
    /// <param name="message">The message.</param>
    /// <param name="metadata">A JSON object; <see langword="null"/> for none.</param>
    /// <returns>The memory; <see langword="null"/> when the message says nothing and shows nothing that is described.</returns>
    public static NewMemory? ToMemory(ChatMessage message, string? metadata)
    {
        string? caption = CaptionOf(message);
        return caption is null && string.IsNullOrWhiteSpace(message.Text)
            ? null
            : new NewMemory
            {
                Kind = MemoryKind.Turn,
                Text = message.Text,
                Caption = caption,
                Role = message.Role.Value,
                Speaker = Shortened(message.AuthorName),
                MessageId =
                    string.IsNullOrEmpty(message.MessageId) || Encoding.UTF8.GetByteCount(message.MessageId) > MaxNameBytes
                        ? null
                        : message.MessageId,
                Metadata = metadata,
                OccurredAt = message.CreatedAt,
            };
    }

    /// <summary>Makes a memory storable that comes from a run: an odd character is no reason to forget what was said.</summary>
    /// <param name="memory">The memory; <see langword="null"/> for none.</param>
    /// <returns>The memory with U+FFFD in place of U+0000 and of surrogates without a partner, in its texts.</returns>
    public static NewMemory? Clean(NewMemory? memory) => StorableText.Clean(memory);

    /// <summary>Makes a text storable.</summary>
    /// <param name="text">The text; <see langword="null"/> for none.</param>
    /// <returns>The text with U+FFFD in place of U+0000 and of surrogates without a partner.</returns>
    [return: NotNullIfNotNull(nameof(text))]
    public static string? Clean(string? text) => StorableText.Clean(text);

    /// <summary>What messages of a conversation say, to be recorded.</summary>
    /// <param name="messages">The messages; only those of user, assistant and system count.</param>
    /// <param name="metadata">A JSON object; <see langword="null"/> for none.</param>
    /// <returns>The request; <see langword="null"/> when they say nothing.</returns>
    public static RecordRequest? ToRequest(IEnumerable<ChatMessage> messages, string? metadata)
    {
        NewMemory[] said =
        [
            .. messages
                .Where(message => message.Role == ChatRole.User || message.Role == ChatRole.Assistant || message.Role == ChatRole.System)
                .Select(message => ToMemory(message, metadata))
                .OfType<NewMemory>(),
        ];
        return said.Length == 0 ? null : new RecordRequest { Memories = [.. said] };
    }

    /// <summary>A memory as a reader is told it: a turn with who said it, a fact by itself.</summary>
    /// <param name="memory">The memory.</param>
    /// <returns>The text, which may have several lines.</returns>
    public static string Describe(MemoryFact memory)
    {
        string said = memory.Caption is null ? memory.Text : $"{memory.Text} [image: {memory.Caption}]".TrimStart();
        string? speaker = memory.Speaker ?? memory.Role;
        return memory.Kind == MemoryKind.Fact || speaker is null ? said : $"{speaker}: {said}";
    }

    /// <summary>The question that a text asks of memories: as much of its beginning as a question may have.</summary>
    /// <param name="text">The text.</param>
    /// <returns>The question; <see langword="null"/> when the text is blank.</returns>
    public static string? ToQuery(string? text)
    {
        if (string.IsNullOrWhiteSpace(text))
        {
            return null;
        }

        if (Encoding.UTF8.GetByteCount(text) <= MaxQueryBytes)
        {
            return text;
        }

        // A three-byte character is one UTF-16 unit, so a third of the bytes is always a safe number of units.
        int end = MaxQueryBytes / 3;
        string cut = text[..(char.IsHighSurrogate(text[end - 1]) ? end - 1 : end)];
        return string.IsNullOrWhiteSpace(cut) ? null : cut;
    }

    private static string? Shortened(string? name)
    {
        if (string.IsNullOrEmpty(name) || Encoding.UTF8.GetByteCount(name) <= MaxNameBytes)
        {
            return string.IsNullOrEmpty(name) ? null : name;
        }

        int end = 0;
        int bytes = 0;
        foreach (Rune rune in name.EnumerateRunes())
        {
            bytes += rune.Utf8SequenceLength;
            if (bytes > MaxNameBytes)
            {
                break;
            }

            end += rune.Utf16SequenceLength;
        }

        return name[..end];
    }

    private static string? CaptionOf(ChatMessage message)
    {
        string[] captions =
        [
            .. Captions(message.AdditionalProperties),
            .. message.Contents.Where(IsImage).SelectMany(content => Captions(content.AdditionalProperties)),
        ];
        return captions.Length == 0 ? null : string.Join(' ', captions.Distinct(StringComparer.Ordinal));
    }

    private static bool IsImage(AIContent content) =>
        content switch
        {
            DataContent data => data.HasTopLevelMediaType("image"),
            UriContent uri => uri.HasTopLevelMediaType("image"),
            HostedFileContent => true,
            _ => false,
        };

    private static IEnumerable<string> Captions(AdditionalPropertiesDictionary? properties)
    {
        object? value = null;
        _ = properties?.TryGetValue(CaptionProperty, out value);

        // A property that has been stored and read again is JSON.
        string? caption = value is JsonElement { ValueKind: JsonValueKind.String } json ? JsonText.Read(json) : value as string;
        return string.IsNullOrWhiteSpace(caption) ? [] : [caption];
    }
}
