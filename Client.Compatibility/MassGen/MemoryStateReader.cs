using System.Collections.Immutable;
using System.Text.Json;
using Microsoft.Extensions.AI;
using OrleansMemory.Client.Json;
using OrleansMemory.Conversations;
using OrleansMemory.Errors;

namespace OrleansMemory.Client.Compatibility.MassGen;

/// <summary>Reads the state of a <see cref="ConversationMemory"/>, ours or MassGen's.</summary>
internal static class MemoryStateReader
{
    internal const string Messages = "messages";

    private static readonly string[] KnownFields =
    [
        "id",
        "messageId",
        "role",
        "authorName",
        "createdAt",
        "content",
        "contents",
        "additionalProperties",
    ];

    /// <summary>Reads a state.</summary>
    /// <param name="reading">Whether it must have messages.</param>
    /// <param name="format">How contents are stored.</param>
    /// <returns>The messages to append.</returns>
    /// <exception cref="InvalidRequestException">It is no such state.</exception>
    public static ImmutableArray<NewMessage> Read(JsonElement state, StateReading reading, ChatMessageFormat format)
    {
        if (state.ValueKind != JsonValueKind.Object)
        {
            throw new InvalidRequestException("state", "A state is a JSON object with 'messages'.");
        }

        if (JsonText.TryGetProperty(state, Messages, out JsonElement messages))
        {
            var foreign = new ForeignMessage();
            return
            [
                .. StrictObject
                    .Items(messages, Messages)
                    .Where(item => item.Element.ValueKind == JsonValueKind.Object)
                    .Select(item => ToMessage(item.Element, item.Path, format, foreign)),
            ];
        }

        return reading == StateReading.Lenient
            ? []
            : throw new InvalidRequestException(Messages, "State dictionary must contain 'messages' key when strict=True");
    }

    private static NewMessage ToMessage(JsonElement element, string path, ChatMessageFormat format, ForeignMessage foreign)
    {
        Dictionary<string, JsonElement> all = StrictObject.ReadMap(element, path);
        StrictObject fields = StrictObject.Of(all, path);
        var known = new HashSet<string>(KnownFields, StringComparer.Ordinal);
        string role = fields.RequiredText("role");
        string contents;
        string? originalRole = null;
        if (fields.TryGet("contents", out JsonElement ours))
        {
            contents = format.Contents.Normalize(ours, fields.PathOf("contents"));
        }
        else
        {
            known.Remove("content");
            (ChatRole stored, List<AIContent> read) = foreign.Read(role, fields, known);
            (role, originalRole) = ChatMessageFormat.StoredRole(stored);
            contents = format.ToNewMessage(new ChatMessage(stored, read)).Contents;
        }

        string? properties = fields.RawObject("additionalProperties");
        if (originalRole is not null)
        {
            all[ChatMessageFormat.OriginalRoleProperty] = JsonSerializer.SerializeToElement(originalRole);
        }

        return new NewMessage
        {
            Id = fields.Text("messageId") ?? ForeignMessage.ReadId(fields, "id"),
            Role = role,
            Author = fields.Text("authorName"),
            Contents = contents,
            Metadata = Metadata(properties, all, known),
            Created = fields.Instant("createdAt"),
        };
    }

    /// <summary>What we have no field for is kept beside the extra properties, so that nothing of a foreign state is lost.</summary>
    private static string? Metadata(string? properties, Dictionary<string, JsonElement> all, HashSet<string> known)
    {
        KeyValuePair<string, JsonElement>[] unknown = [.. all.Where(field => !known.Contains(field.Key))];
        if (unknown.Length == 0)
        {
            return properties;
        }

        return WrittenJson
            .Of(
                (properties, all, unknown),
                static (writer, state) =>
                {
                    writer.WriteStartObject();
                    if (state.properties is not null)
                    {
                        using JsonDocument given = JsonDocument.Parse(state.properties);
                        Write(
                            writer,
                            StrictObject.ReadMap(given.RootElement, string.Empty).Where(field => !state.all.ContainsKey(field.Key))
                        );
                    }

                    Write(writer, state.unknown);
                    writer.WriteEndObject();
                }
            )
            .GetRawText();
    }

    private static void Write(Utf8JsonWriter writer, IEnumerable<KeyValuePair<string, JsonElement>> fields)
    {
        foreach ((string name, JsonElement value) in fields)
        {
            writer.WritePropertyName(name);
            writer.WriteRawValue(value.GetRawText(), skipInputValidation: true);
        }
    }
}
