using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.AI;
using OrleansMemory.Client.Errors;
using OrleansMemory.Client.Json;
using OrleansMemory.Conversations;

namespace OrleansMemory.Client.Windows;

/// <summary>Measures and takes apart messages as they are stored, also where their contents are of types that are not known here.</summary>
internal static class StoredContents
{
    private const string CallIdField = "callId";

    /// <summary>Measures a stored message.</summary>
    /// <returns>What a window must know of it.</returns>
    public static WindowItem Measure(Message message)
    {
        try
        {
            return WindowItem.Of(ChatMessageFormat.Default.ToChatMessage(message), TokenEstimate.Of);
        }
        catch (UnreadableMessageException)
        {
            // All the JSON of its contents counts.
            using var contents = JsonDocument.Parse(message.Contents);
            JsonElement[] all = [.. contents.RootElement.EnumerateArray()];
            return new WindowItem(
                new ChatRole(message.Role),
                [.. all.Select(UseOf).OfType<ToolUse>()],
                MessageMeasure.Frame(message.Role, message.Author, TokenEstimate.Of),
                [.. all.Select(content => MessageMeasure.Of(content.GetRawText(), TokenEstimate.Of))],
                []
            )
            {
                Created = message.Created,
            };
        }
    }

    /// <summary>Makes a message of a window.</summary>
    /// <param name="piece">What it is made from.</param>
    /// <param name="messages">The stored messages.</param>
    /// <returns>The same object where nothing differs, else a copy. Its sequence and id are those of the message it is from.</returns>
    public static Message Of(WindowPiece piece, IReadOnlyList<Message> messages)
    {
        Message message = messages[piece.Item];
        if (piece.IsWhole)
        {
            return message;
        }

        using var contents = JsonDocument.Parse(message.Contents);
        JsonElement[] all = [.. contents.RootElement.EnumerateArray()];
        IEnumerable<string> kept = piece.Contents.Select(content =>
            content.NewId is { } id ? WithId(all[content.Content], id) : all[content.Content].GetRawText()
        );
        return message with { Role = piece.Role?.Value ?? message.Role, Contents = $"[{string.Join(',', kept)}]" };
    }

    /// <summary>Finds a use by the rule by which the grain finds it: the type's name ends in Call or Result, and there is an id.</summary>
    private static ToolUse? UseOf(JsonElement content, int index)
    {
        if (content.ValueKind != JsonValueKind.Object || Text(content, "$type") is not { } type)
        {
            return null;
        }

        if (Text(content, CallIdField) is { } id)
        {
            bool hosted = type is not ("functionCall" or "functionResult");
            return type.EndsWith("Result", StringComparison.Ordinal) ? new ToolUse(ToolUseKind.Result, id, index, hosted)
                : type.EndsWith("Call", StringComparison.Ordinal) ? new ToolUse(ToolUseKind.Call, id, index, hosted)
                : null;
        }

        return Text(content, "requestId") is not { } request ? null
            : type.EndsWith("Request", StringComparison.Ordinal) ? ToolUse.Approval(ToolUseKind.Request, request, index)
            : type.EndsWith("Response", StringComparison.Ordinal) ? ToolUse.Approval(ToolUseKind.Answer, request, index)
            : null;
    }

    private static string? Text(JsonElement element, string name) =>
        JsonText.TryGetProperty(element, name, out JsonElement value) && value.ValueKind == JsonValueKind.String
            ? JsonText.Read(value)
            : null;

    /// <summary>Everything else is copied as it is written.</summary>
    private static string WithId(JsonElement content, string id)
    {
        string written = JsonSerializer.Serialize(id, ChatMessageFormat.Default.Options.GetTypeInfo(typeof(string)));
        IEnumerable<string> fields = content
            .EnumerateObject()
            .Select(field =>
                $"{Raw(JsonMarshal.GetRawUtf8PropertyName(field))}:{(JsonText.IsNamed(field, CallIdField) ? written : field.Value.GetRawText())}"
            );
        return $"{{{string.Join(',', fields)}}}";

        static string Raw(ReadOnlySpan<byte> name) => $"\"{Encoding.UTF8.GetString(name)}\"";
    }
}
