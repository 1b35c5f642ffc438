using System.Text.Json;
using Microsoft.Extensions.AI;
using OrleansMemory.Client.Json;
using OrleansMemory.Conversations;
using OrleansMemory.Errors;

namespace OrleansMemory.Client.Compatibility.AutoGrams.Log;

/// <summary>
/// Records as messages. What user and agent say are texts of those roles; everything else is an assistant message with reasoning and no
/// text, which other APIs can tell apart. All other fields stand in the message's properties under <see cref="Property"/>.
/// </summary>
internal static class TurnRecordFormat
{
    /// <summary>The property of messages that a program wrote.</summary>
    public const string Property = "autograms";

    /// <summary>The field of the entry type.</summary>
    public const string EntryTypeField = "entry_type";

    /// <summary>The message to append.</summary>
    public static NewMessage ToNewMessage(TurnRecord record)
    {
        string role = record.EntryType == TurnRecord.FrameOnly ? record.ToTurns().First().Role : record.EntryType;
        bool isText =
            role is ModelTurnTypes.AgentReply or TurnRecord.AgentRole
            || (role is ModelTurnTypes.UserReply or TurnRecord.UserRole && !string.IsNullOrEmpty(record.Text));
        bool isUser = isText && role is ModelTurnTypes.UserReply or TurnRecord.UserRole;
        AIContent? content =
            record.Text is null ? null
            : isText ? new TextContent(record.Text)
            : new TextReasoningContent(record.Text);
        return ChatMessageFormat.Default.ToNewMessage(
            new ChatMessage(isUser ? ChatRole.User : ChatRole.Assistant, content is null ? [] : [content])
        ) with
        {
            Created = record.At,
            Metadata = ProgramJson.Text(writer =>
            {
                writer.WriteStartObject();
                writer.WriteStartObject(Property);
                writer.WriteString(EntryTypeField, record.EntryType);
                WriteFields(writer, record.Fields);
                writer.WriteEndObject();
                writer.WriteEndObject();
            }),
        };
    }

    /// <summary>Reads a message.</summary>
    /// <returns>The record; <see langword="null"/> when no program wrote the message.</returns>
    public static TurnRecord? Read(Message message)
    {
        if (message.Metadata is null)
        {
            return null;
        }

        JsonElement metadata = JsonElement.Parse(message.Metadata);
        if (!JsonText.TryGetProperty(metadata, Property, out JsonElement own) || own.ValueKind != JsonValueKind.Object)
        {
            return null;
        }

        var fields = new Dictionary<string, JsonElement>(StringComparer.Ordinal);
        string? type = null;
        foreach (JsonProperty property in own.EnumerateObject())
        {
            string name = JsonText.ReadName(property);
            if (name == EntryTypeField)
            {
                type = ProgramJson.Natural(property.Value) as string;
            }
            else
            {
                fields[name] = property.Value;
            }
        }

        return type is null ? null : new TurnRecord(type, TextOf(message), fields, message.Created);
    }

    /// <summary>Reads an entry of <c>model_turns</c>.</summary>
    /// <param name="path">Where it stands.</param>
    /// <exception cref="InvalidRequestException">It is no entry.</exception>
    public static TurnRecord Read(JsonElement element, string path)
    {
        Dictionary<string, JsonElement> fields = StrictObject.ReadMap(element, path);
        StrictObject entry = StrictObject.Of(fields);
        string type =
            entry.Text(EntryTypeField)
            ?? throw new InvalidRequestException($"{path}.{EntryTypeField}", "An entry of model_turns has a type.");
        fields.Remove(EntryTypeField);
        var record = new TurnRecord(type, null, fields, null);
        bool isText =
            fields.TryGetValue(record.TextField, out JsonElement text)
            && (text.ValueKind == JsonValueKind.String || (text.ValueKind == JsonValueKind.Null && type == ModelTurnTypes.UserReply));
        if (isText)
        {
            fields.Remove(record.TextField);
        }

        return type is ModelTurnTypes.UserReply or ModelTurnTypes.AgentReply && !isText
            ? throw new InvalidRequestException($"{path}.{record.TextField}", "A reply has a text.")
            : record with
            {
                Text = isText ? ProgramJson.Natural(text) as string : null,
            };
    }

    /// <summary>Writes fields into an open object.</summary>
    public static void WriteFields(Utf8JsonWriter writer, IReadOnlyDictionary<string, JsonElement> fields)
    {
        foreach ((string name, JsonElement field) in fields)
        {
            writer.WritePropertyName(name);
            ProgramJson.Write(writer, field, name, ProgramJson.DefaultOptions);
        }
    }

    private static string? TextOf(Message message)
    {
        ChatMessage chat = ChatMessageFormat.Default.ToChatMessage(message);
        return chat.Contents.Count == 0
            ? null
            : string.Concat(
                chat.Contents.Select(content =>
                    content switch
                    {
                        TextContent text => text.Text,
                        TextReasoningContent reasoning => reasoning.Text,
                        _ => string.Empty,
                    }
                )
            );
    }
}
