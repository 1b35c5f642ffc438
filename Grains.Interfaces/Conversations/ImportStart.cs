using System.Collections.Immutable;

namespace OrleansMemory.Conversations;

/// <summary>Announces an exported conversation that is about to be imported, chunk by chunk. Nothing is visible before the end.</summary>
[GenerateSerializer, Immutable, Alias("OrleansMemory.ImportStart")]
public sealed record ImportStart
{
    /// <summary>
    /// The settings to give it. A time to live starts when the import is completed, unless <see cref="ExpiresAt"/> says when it ends.
    /// </summary>
    [Id(0)]
    public required ConversationSettings Settings { get; init; }

    /// <summary>The entries to give it, with the expiry they had. Expired ones are left out.</summary>
    [Id(1)]
    public ImmutableArray<Entry> Entries { get; init; } = [];

    /// <summary>
    /// The sequence of the first message, 1 or more; one more than <see cref="LastSequence"/> when there are no messages.
    /// </summary>
    [Id(2)]
    public required long FirstSequence { get; init; }

    /// <summary>The sequence of the last message, 0 or more.</summary>
    [Id(3)]
    public required long LastSequence { get; init; }

    /// <summary>
    /// When the conversation expires; <see langword="null"/> to have its time to live start when the import is completed.
    /// </summary>
    [Id(4)]
    public DateTimeOffset? ExpiresAt { get; init; }
}
