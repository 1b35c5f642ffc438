using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.Extensions.AI;
using OrleansMemory.Client;
using OrleansMemory.Client.Json;
using OrleansMemory.Conversations;
using OrleansMemory.Errors;

namespace OrleansMemory.Silo.Api.Requests;

/// <summary>A message to append: Microsoft.Extensions.AI's chat message, or the short form with a text in content.</summary>
internal sealed record MessageBody
{
    private static readonly ContentsJson Format = new(ChatMessageFormat.Default.Options);

    /// <summary>system, user, assistant or tool.</summary>
    public required string Role { get; init; }

    /// <summary>The short form of one text. Either this or contents.</summary>
    public string? Content { get; init; }

    /// <summary>The contents, each with its $type. Either this or content.</summary>
    [JsonConverter(typeof(RawJsonConverter))]
    public string? Contents { get; init; }

    /// <summary>Who speaks, by name, up to 256 bytes.</summary>
    public string? AuthorName { get; init; }

    /// <summary>The caller's id, up to 256 bytes; one is made when it is left out.</summary>
    public string? MessageId { get; init; }

    /// <summary>When it was said; the instant of the commit when it is left out.</summary>
    public DateTimeOffset? CreatedAt { get; init; }

    /// <summary>The caller's own properties.</summary>
    [JsonConverter(typeof(RawJsonConverter))]
    public string? AdditionalProperties { get; init; }

    /// <summary>Reads one message or an array of them.</summary>
    /// <param name="root">The body.</param>
    /// <returns>The messages.</returns>
    public static IReadOnlyList<MessageBody> ReadOneOrMany(JsonElement root) =>
        root.ValueKind == JsonValueKind.Array
            ? [.. StrictObject.Items(root, "messages").Select(item => Read(item.Element, item.Path))]
            : [Read(root, string.Empty)];

    /// <summary>Reads a message.</summary>
    /// <param name="path">Where it stands.</param>
    /// <returns>The message, its contents in the form in which they are stored.</returns>
    /// <exception cref="InvalidRequestException">A field is unknown, missing or not of its kind.</exception>
    public static MessageBody Read(JsonElement element, string path)
    {
        StrictObject body = StrictObject.Read(
            element,
            path,
            "role",
            "content",
            "contents",
            "authorName",
            "messageId",
            "createdAt",
            "additionalProperties"
        );
        string? text = body.Text("content");
        bool hasContents = body.TryGet("contents", out JsonElement contents);
        if (text is null != hasContents)
        {
            throw new InvalidRequestException(body.PathOf("contents"), "A message has either \"contents\" or \"content\".");
        }

        return new MessageBody
        {
            Role = body.RequiredText("role"),
            Contents = hasContents ? Format.Normalize(contents, body.PathOf("contents")) : Format.OfText(text!),
            AuthorName = body.Text("authorName"),
            MessageId = body.Text("messageId"),
            CreatedAt = body.Instant("createdAt"),
            AdditionalProperties = body.RawObject("additionalProperties"),
        };
    }

    /// <summary>The message as a client has it.</summary>
    public ChatMessage ToChatMessage()
    {
        var message = new Message
        {
            Sequence = 0,
            Id = MessageId ?? string.Empty,
            Role = Role,
            Author = AuthorName,
            Contents = Contents!,
            Metadata = AdditionalProperties,
            Created = CreatedAt ?? default,
        };
        ChatMessage said = ChatMessageFormat.Default.ToChatMessage(message);
        said.CreatedAt = CreatedAt;
        return said;
    }

    /// <summary>The message to append.</summary>
    public NewMessage ToNewMessage() =>
        new()
        {
            Id = MessageId,
            Role = Role,
            Author = AuthorName,
            Contents = Contents!,
            Metadata = AdditionalProperties,
            Created = CreatedAt,
        };
}
