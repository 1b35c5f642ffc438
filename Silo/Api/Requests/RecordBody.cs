using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Serialization;
using OrleansMemory.Client.Json;
using OrleansMemory.Client.Memories;
using OrleansMemory.Conversations;
using OrleansMemory.Errors;
using OrleansMemory.Memories;

namespace OrleansMemory.Silo.Api.Requests;

/// <summary>
/// Records memories. At least one of agent, user and session is named, and there are either messages or contents. What is not named is left
/// out: null is refused.
/// </summary>
internal sealed record RecordBody
{
    /// <summary>The agent they belong to, up to 256 bytes.</summary>
    public string? Agent { get; init; }

    /// <summary>The user they belong to, up to 256 bytes.</summary>
    public string? User { get; init; }

    /// <summary>The session they belong to, up to 256 bytes.</summary>
    public string? Session { get; init; }

    /// <summary>What was said, in its order: one memory for each message that says something. System messages are left out.</summary>
    public IReadOnlyList<MessageBody> Messages { get; init; } = [];

    /// <summary>Facts, one memory for each text.</summary>
    public IReadOnlyList<string> Contents { get; init; } = [];

    /// <summary>The caller's own properties, of each memory.</summary>
    [JsonConverter(typeof(RawJsonConverter))]
    public string? Metadata { get; init; }

    /// <summary>The conversation they come from, and are deleted with.</summary>
    public string? ConversationId { get; init; }

    /// <summary>How long they live, in seconds; left out for the silo's default.</summary>
    public decimal? TtlSeconds { get; init; }

    /// <summary>Whether facts are distilled from messages in the background, where the silo has a chat client. Default: true.</summary>
    public bool? Extract { get; init; }

    /// <summary>How long they live.</summary>
    [JsonIgnore]
    public TimeSpan? TimeToLive { get; init; }

    /// <summary>Reads a recording.</summary>
    /// <param name="root">The body.</param>
    /// <exception cref="InvalidRequestException">A field is unknown, missing or not of its kind.</exception>
    public static RecordBody Read(JsonElement root)
    {
        StrictObject body = StrictObject.Read(
            root,
            string.Empty,
            "agent",
            "user",
            "session",
            "messages",
            "contents",
            "metadata",
            "conversationId",
            "ttlSeconds",
            "extract"
        );
        if (body.TryGet("messages", out _) == body.TryGet("contents", out _))
        {
            throw new InvalidRequestException("messages", "A recording has either \"messages\" or \"contents\".");
        }

        return new RecordBody
        {
            Agent = ScopeFields.Name(body, "agent", ScopeFields.OfRecording),
            User = ScopeFields.Name(body, "user", ScopeFields.OfRecording),
            Session = ScopeFields.Name(body, "session", ScopeFields.OfRecording),
            Messages = [.. body.Items("messages").Select(item => MessageBody.Read(item.Element, item.Path))],
            Contents = [.. body.Items("contents").Select(item => Text(item.Element, item.Path))],
            Metadata = body.RawObject("metadata"),
            ConversationId = body.Text("conversationId"),
            TimeToLive = body.Seconds("ttlSeconds"),
            Extract = body.TryGet("extract", out _) ? body.Flag("extract") : null,
        };
    }

    /// <summary>What to record.</summary>
    /// <param name="key">The key of the header; <see langword="null"/> without one.</param>
    /// <exception cref="InvalidRequestException">No message says anything.</exception>
    public RecordRequest ToRequest(string? key)
    {
        ImmutableArray<NewMemory> memories =
        [
            .. Turns(),
            .. Contents.Select(text => new NewMemory
            {
                Kind = MemoryKind.Fact,
                Text = text,
                Metadata = Metadata,
            }),
        ];
        return memories.IsEmpty
            ? throw new InvalidRequestException(
                "messages",
                "Nothing is recorded: a message that is recorded has a text or the caption of an image, and is no system message."
            )
            : new RecordRequest
            {
                Memories = memories,
                Key = key,
                ConversationId = ConversationId,
                TimeToLive = TimeToLive,
                Extract = Extract ?? true,
            };
    }

    private IEnumerable<NewMemory> Turns() =>
        Messages
            .Where(message => message.Role != MessageRoles.System)
            .Select(message => MemoryMessages.ToMemory(message.ToChatMessage(), Metadata))
            .OfType<NewMemory>();

    private static string Text(JsonElement element, string path) =>
        element.ValueKind == JsonValueKind.String
            ? JsonText.Read(element)
            : throw new InvalidRequestException(path, "A text is expected here.");
}
