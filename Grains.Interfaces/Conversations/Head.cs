using System.Collections.Immutable;

namespace OrleansMemory.Conversations;

/// <summary>Settings and counters of a conversation, as of one committed version.</summary>
[GenerateSerializer, Immutable, Alias("OrleansMemory.Head")]
public sealed record Head
{
    /// <summary>Which conversation.</summary>
    [Id(0)]
    public required ConversationKey Key { get; init; }

    /// <summary>The number of turns committed, from 1.</summary>
    [Id(1)]
    public required long Version { get; init; }

    /// <summary>The oldest sequence still in the log; one more than <see cref="LastSequence"/> when the log is empty.</summary>
    [Id(2)]
    public required long FirstSequence { get; init; }

    /// <summary>The newest sequence ever given, 0 before the first message. It never goes back, not even when the log is cleared.</summary>
    [Id(3)]
    public required long LastSequence { get; init; }

    /// <summary>Its settings.</summary>
    [Id(4)]
    public required ConversationSettings Settings { get; init; }

    /// <summary>When its first turn was committed (UTC).</summary>
    [Id(5)]
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>When its newest turn was committed (UTC).</summary>
    [Id(6)]
    public required DateTimeOffset UpdatedAt { get; init; }

    /// <summary>The instant from which it is gone for every read (UTC); <see langword="null"/> never.</summary>
    [Id(7)]
    public DateTimeOffset? ExpiresAt { get; init; }

    /// <summary>
    /// Where it was forked from; <see langword="null"/> when it is no fork, or when what it was forked from has been deleted.
    /// </summary>
    [Id(8)]
    public ForkOrigin? Origin { get; init; }

    /// <summary>How many messages the log holds.</summary>
    public long MessageCount => LastSequence - FirstSequence + 1;
}

/// <summary>Where a fork comes from.</summary>
[GenerateSerializer, Immutable, Alias("OrleansMemory.ForkOrigin")]
public sealed record ForkOrigin
{
    /// <summary>The id of the conversation it was forked from, in the same tenant.</summary>
    [Id(0)]
    public required string Id { get; init; }

    /// <summary>The newest sequence of the origin that the fork shares.</summary>
    [Id(1)]
    public required long Sequence { get; init; }
}

/// <summary>The head and the entries of a conversation, both as of one version.</summary>
[GenerateSerializer, Immutable, Alias("OrleansMemory.ConversationSnapshot")]
public sealed record ConversationSnapshot
{
    /// <summary>Its head.</summary>
    [Id(0)]
    public required Head Head { get; init; }

    /// <summary>Its live entries, ordered by space and key, ordinally.</summary>
    [Id(1)]
    public required ImmutableArray<Entry> Entries { get; init; }
}
