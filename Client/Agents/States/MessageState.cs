using System.Text.Json;
using Microsoft.Extensions.AI;
using OrleansMemory.Client.Json;
using OrleansMemory.Conversations;
using OrleansMemory.Errors;

namespace OrleansMemory.Client.Agents.States;

/// <summary>One message in Agent Framework's form. Raw representations are left out there too.</summary>
internal static class MessageState
{
    private const string Type = "chat_message";
    private const string RoleType = "role";
    private const string Value = "value";

    /// <summary>Writes a message.</summary>
    /// <param name="writer">Where to.</param>
    /// <param name="message">The message, with its contents as they are stored.</param>
    public static void Write(Utf8JsonWriter writer, NewMessage message)
    {
        writer.WriteStartObject();
        writer.WriteString("type", Type);
        writer.WriteStartObject("role");
        writer.WriteString("type", RoleType);
        writer.WriteString(Value, message.Role);
        writer.WriteEndObject();
        writer.WriteStartArray("contents");
        foreach (JsonElement content in JsonElement.Parse(message.Contents).EnumerateArray())
        {
            ContentState.Write(writer, content);
        }

        writer.WriteEndArray();
        if (message.Author is { } author)
        {
            writer.WriteString("author_name", author);
        }

        if (message.Id is { } id)
        {
            writer.WriteString("message_id", id);
        }

        if (message.Created is { } created)
        {
            writer.WriteString("created_at", created);
        }

        writer.WritePropertyName("additional_properties");
        writer.WriteRawValue(message.Metadata ?? "{}", skipInputValidation: true);
        writer.WriteEndObject();
    }

    /// <summary>Reads a message.</summary>
    /// <param name="element">The message.</param>
    /// <param name="path">Where it stands.</param>
    /// <param name="format">How contents are read.</param>
    /// <returns>The message.</returns>
    /// <exception cref="InvalidRequestException">It is no such message.</exception>
    public static ChatMessage Read(JsonElement element, string path, ChatMessageFormat format)
    {
        StrictObject fields = StrictObject.Read(
            element, path, "type", "role", "contents", "author_name", "message_id", "created_at", "additional_properties");
        if (fields.Text("type") is { } type && type != Type)
        {
            throw new InvalidRequestException(fields.PathOf("type"), $"\"{Type}\" is expected here.");
        }

        string contents = string.Join(',', fields.Items("contents").Select(item => ContentState.Read(item.Element, item.Path)));
        using JsonDocument array = JsonDocument.Parse($"[{contents}]");
        DateTimeOffset? created = fields.Instant("created_at");
        string? id = fields.Text("message_id");
        ChatMessage message = format.ToChatMessage(new Message
        {
            Sequence = 0,
            Id = id ?? string.Empty,
            Role = Role(fields),
            Author = fields.Text("author_name"),
            Contents = format.Contents.Normalize(array.RootElement, fields.PathOf("contents")),
            Metadata = fields.RawObject("additional_properties") is { } properties && properties.AsSpan(1..^1).Trim().Length > 0 ? properties : null,
            Created = created ?? DateTimeOffset.UnixEpoch,
        });
        (message.MessageId, message.CreatedAt) = (id, created);
        return message;
    }

    /// <summary>The role is an object there, and in older states a text.</summary>
    private static string Role(StrictObject fields)
    {
        JsonElement role = fields.Required("role");
        string path = fields.PathOf("role");
        return role.ValueKind == JsonValueKind.String
            ? fields.RequiredText("role")
            : StrictObject.Read(role, path, "type", Value).RequiredText(Value);
    }
}
