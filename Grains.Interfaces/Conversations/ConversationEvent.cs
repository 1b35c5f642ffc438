using System.Collections.Immutable;

namespace OrleansMemory.Conversations;

/// <summary>Something that happened to a conversation's log. A reader that applies every event in order has what the log has.</summary>
/// <remarks>Content comes from users and models: treat it as untrusted when it is shown or sent to a model.</remarks>
[GenerateSerializer, Immutable, Alias("OrleansMemory.ConversationEvent")]
public sealed record ConversationEvent
{
    /// <summary>What happened.</summary>
    [Id(0)]
    public required ConversationEventKind Kind { get; init; }

    /// <summary>Where the reader stands once it has applied this event: a feed from here goes on behind it.</summary>
    [Id(1)]
    public required FeedPosition Position { get; init; }

    /// <summary>With <see cref="ConversationEventKind.Message"/>: the message; else <see langword="null"/>.</summary>
    [Id(2)]
    public Message? Message { get; init; }

    /// <summary>
    /// With <see cref="ConversationEventKind.Truncated"/>: the first sequence that is left, one more than the last when none is; else
    /// <see langword="null"/>.
    /// </summary>
    [Id(3)]
    public long? FirstSequence { get; init; }

    /// <summary>
    /// With <see cref="ConversationEventKind.Messages"/>: the messages, one or more, in the order of their sequences and without a gap;
    /// else empty.
    /// </summary>
    [Id(4)]
    public ImmutableArray<Message> Messages { get; init; } = [];
}

/// <summary>What can happen to a conversation's log.</summary>
public enum ConversationEventKind
{
    /// <summary>Always the first event: the feed stands, and everything behind its position will come.</summary>
    Opened = 0,

    /// <summary>A message was appended.</summary>
    Message = 1,

    /// <summary>Every message before <see cref="ConversationEvent.FirstSequence"/> is gone, also those that the reader has seen.</summary>
    Truncated = 2,

    /// <summary>
    /// The conversation was deleted or had expired, and there is a new one under its key: everything that the reader knew is gone.
    /// </summary>
    Restarted = 3,

    /// <summary>The conversation was deleted or has expired. Always the last event.</summary>
    Ended = 4,

    /// <summary>Messages were appended; only where <see cref="WatchRequest.Pages"/> asks for it.</summary>
    Messages = 5,
}
