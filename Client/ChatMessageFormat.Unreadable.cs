using System.Text.Json;
using Microsoft.Extensions.AI;
using OrleansMemory.Client.Errors;
using OrleansMemory.Client.Json;
using OrleansMemory.Conversations;

namespace OrleansMemory.Client;

public sealed partial class ChatMessageFormat
{
    private const string CallIdField = "callId";

    /// <summary>
    /// Makes a chat message of a stored one that goes to a model: others may have written contents that the options cannot read, and that
    /// ends no conversation.
    /// </summary>
    /// <returns>
    /// The chat message. A placeholder that names its type (<see cref="PlaceholderProperty"/>) stands in the place of a content that cannot
    /// be read; a call or a result stays one, so that no pair is torn.
    /// </returns>
    internal ChatMessage ToShownMessage(Message message)
    {
        try
        {
            return ToChatMessage(message);
        }
        catch (UnreadableMessageException)
        {
            using var contents = JsonDocument.Parse(message.Contents);
            return new ChatMessage(new ChatRole(message.Role), [.. contents.RootElement.EnumerateArray().Select(Show)])
            {
                MessageId = message.Id,
                AuthorName = message.Author,
                CreatedAt = message.Created,
                AdditionalProperties = ReadProperties(message.Metadata),
            };
        }
    }

    private AIContent Show(JsonElement content)
    {
        try
        {
            if (JsonSerializer.Deserialize($"[{content.GetRawText()}]", _contents) is [{ } read])
            {
                return read;
            }
        }
        catch (Exception failure) when (failure is not OutOfMemoryException)
        {
            // The constructors of contents check what they are given, and throw what they like.
        }

        string type = Text(content, "$type") ?? nameof(AIContent);
        string why = $"[{type}: cannot be read]";
        return Placeholders.Mark(
            (type, Text(content, CallIdField)) switch
            {
                ("functionCall", { } id) => new FunctionCallContent(
                    id,
                    Text(content, "name") ?? type,
                    new Dictionary<string, object?> { ["placeholder"] = why }
                ),
                ("functionResult", { } id) => new FunctionResultContent(id, why),
                (_, { } id) when type.EndsWith("Call", StringComparison.Ordinal) => new ToolCallContent(id),
                (_, { } id) when type.EndsWith("Result", StringComparison.Ordinal) => new ToolResultContent(id),
                _ => new TextContent(why),
            },
            type
        );
    }

    private AdditionalPropertiesDictionary? ReadProperties(string? json)
    {
        try
        {
            return json is null ? null : JsonSerializer.Deserialize(json, _properties);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static string? Text(JsonElement element, string name) =>
        element.ValueKind == JsonValueKind.Object
        && JsonText.TryGetProperty(element, name, out JsonElement value)
        && value.ValueKind == JsonValueKind.String
            ? JsonText.Read(value)
            : null;
}
