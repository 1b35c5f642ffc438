using System.Collections.Immutable;

namespace OrleansMemory.Conversations;

/// <summary>
/// Which messages to read. Reading goes forward from <see cref="After"/> when that is given and the order is ascending; otherwise it
/// goes back from <see cref="Before"/>, or from the end of the log, and an ascending answer is turned round before it is returned.
/// </summary>
[GenerateSerializer, Immutable, Alias("OrleansMemory.MessageQuery")]
public sealed record MessageQuery
{
    /// <summary>The newest messages, oldest first.</summary>
    public static MessageQuery Newest { get; } = new();

    /// <summary>
    /// How many messages at most. A page holds 1 to 1,000, by default 50; a stream has no upper bound and reads all by default.
    /// </summary>
    [Id(0)]
    public int? Limit { get; init; }

    /// <summary>Only messages with a greater sequence (0 or more); <see langword="null"/> sets no lower bound.</summary>
    [Id(1)]
    public long? After { get; init; }

    /// <summary>Only messages with a smaller sequence (1 or more); <see langword="null"/> sets no upper bound.</summary>
    [Id(2)]
    public long? Before { get; init; }

    /// <summary>Only messages of this role, one of <see cref="MessageRoles"/>; <see langword="null"/> for every role.</summary>
    [Id(3)]
    public string? Role { get; init; }

    /// <summary>The order of the answer.</summary>
    /// <value>Default: <see cref="MessageOrder.Ascending"/>, oldest first.</value>
    [Id(4)]
    public MessageOrder Order { get; init; }
}

/// <summary>The order in which messages are returned.</summary>
public enum MessageOrder
{
    /// <summary>Oldest first.</summary>
    Ascending = 0,

    /// <summary>Newest first.</summary>
    Descending = 1,
}

/// <summary>One page of messages.</summary>
[GenerateSerializer, Immutable, Alias("OrleansMemory.MessagePage")]
public sealed record MessagePage
{
    /// <summary>The messages, in the order that was asked for.</summary>
    [Id(0)]
    public required ImmutableArray<Message> Messages { get; init; }

    /// <summary>
    /// Where the next page starts: pass it as <see cref="MessageQuery.After"/> when reading goes forward, else as
    /// <see cref="MessageQuery.Before"/>. <see langword="null"/> when nothing is left.
    /// </summary>
    [Id(1)]
    public long? Next { get; init; }
}
