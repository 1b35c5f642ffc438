using OrleansMemory.Conversations;

namespace OrleansMemory.Client.Feed;

/// <summary>Something that happened to a conversation's log. A reader that applies every event in order has what the log has.</summary>
/// <remarks>Content comes from users and models: treat it as untrusted when it is shown or sent to a model.</remarks>
public sealed record ConversationFeedEvent
{
    /// <summary>What happened; never <see cref="ConversationEventKind.Opened"/>.</summary>
    public required ConversationEventKind Kind { get; init; }

    /// <summary>
    /// Where the reader stands once it has applied this event. Keep it, and subscribe from it to go on behind this event.
    /// </summary>
    public required FeedPosition Position { get; init; }

    /// <summary>With <see cref="ConversationEventKind.Message"/>: the message; else <see langword="null"/>.</summary>
    public ConversationMessage? Message { get; init; }

    /// <summary>
    /// With <see cref="ConversationEventKind.Truncated"/>: the first sequence that is left, one more than the last when none is; else
    /// <see langword="null"/>.
    /// </summary>
    public long? FirstSequence { get; init; }
}
