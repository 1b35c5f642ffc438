namespace OrleansMemory.Conversations;

/// <summary>From where a feed is wanted.</summary>
[GenerateSerializer, Immutable, Alias("OrleansMemory.WatchRequest")]
public sealed record WatchRequest
{
    /// <summary>
    /// What the reader knows already. A sequence alone counts in whichever life there is and must not lie behind its end; 0 gives
    /// everything. A position of another life is answered with <see cref="ConversationEventKind.Restarted"/> and everything of the life
    /// there is.
    /// </summary>
    /// <value>Default: <see langword="null"/>, only what comes from now on.</value>
    [Id(0)]
    public FeedPosition? After { get; init; }

    /// <summary>
    /// Whether messages that are there together may come in one event, <see cref="ConversationEventKind.Messages"/>. It costs a
    /// conversation with many readers much less. Silos of releases before this property give an event for each message all the same.
    /// </summary>
    /// <value>Default: <see langword="false"/>.</value>
    [Id(1)]
    public bool Pages { get; init; }
}
