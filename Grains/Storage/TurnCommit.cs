using System.Collections.Immutable;
using OrleansMemory.Conversations;

namespace OrleansMemory.Grains.Storage;

/// <summary>A decided turn: what the store writes, with nothing left to decide.</summary>
internal sealed record TurnCommit
{
    /// <summary>Which conversation.</summary>
    public required ConversationKey Key { get; init; }

    /// <summary>The life to write to; with <see cref="ExpectedVersion"/> 0 a reserved id that this turn starts.</summary>
    public required long StoreId { get; init; }

    /// <summary>The expired life that this turn's new life replaces.</summary>
    public ExpiredLife? Replaces { get; init; }

    /// <summary>
    /// Whether it is known that turns of this key were deleted or erased (<see cref="StoredConversation.HasGoneTurns"/>): this one is none
    /// of them then. A turn that begins a life without knowing is lost where there are some.
    /// </summary>
    public bool KnowsGone { get; init; }

    /// <summary>The version to find; this turn makes it one more.</summary>
    public required long ExpectedVersion { get; init; }

    /// <summary>What this turn was decided upon; <see langword="null"/> when it builds on no other turn that is still on its way.</summary>
    public CommitChain? Chain { get; init; }

    /// <summary>The turn's id.</summary>
    public required string TurnId { get; init; }

    /// <summary>The SHA-256 of the turn's payload.</summary>
    public required byte[] PayloadHash { get; init; }

    /// <summary>The messages to append.</summary>
    public ImmutableArray<MessageRow> Messages { get; init; } = [];

    /// <summary>
    /// How many of them, from the first on, were in the log before and are written again, because messages between them are dropped.
    /// </summary>
    public int Rewritten { get; init; }

    /// <summary>The log's first sequence after the turn.</summary>
    public required long FirstSequence { get; init; }

    /// <summary>The log's last sequence after the turn.</summary>
    public required long LastSequence { get; init; }

    /// <summary>Whether this turn raised <see cref="FirstSequence"/>, so that rows before it are to be removed.</summary>
    public bool Truncates { get; init; }

    /// <summary>The entries to set, each named once.</summary>
    public ImmutableArray<Entry> EntryWrites { get; init; } = [];

    /// <summary>The entries to remove, each named once and none of them also set.</summary>
    public ImmutableArray<EntryName> EntryDeletes { get; init; } = [];

    /// <summary>The settings after the turn; <see langword="null"/> when it leaves them alone.</summary>
    public ConversationSettings? Settings { get; init; }

    /// <summary>The conversation's expiry after the turn.</summary>
    public DateTimeOffset? ExpiresAt { get; init; }

    /// <summary>The instant of the turn.</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>
    /// <see cref="Head.UpdatedAt"/> of the state that it was decided upon; <see langword="null"/> when it begins a life. Lists place a
    /// conversation by it for those whose walk began before this turn.
    /// </summary>
    public required DateTimeOffset? PreviousAt { get; init; }

    /// <summary>The version after the turn.</summary>
    public long Version => ExpectedVersion + 1;

    /// <summary>The sequence of the first message that the turn itself appends, if any is.</summary>
    public long? FirstAppended => Messages.Length == Rewritten ? null : Messages[Rewritten].Message.Sequence;

    /// <summary>The sequence of the last message that the turn itself appends, if any is.</summary>
    public long? LastAppended => Messages.Length == Rewritten ? null : Messages[^1].Message.Sequence;

    /// <summary>What the caller is answered with once the turn is durable.</summary>
    public TurnReceipt Receipt =>
        new()
        {
            Version = Version,
            FirstSequence = FirstAppended,
            LastSequence = LastAppended,
        };
}

/// <summary>
/// The turns that one activation decided one upon the other since it last loaded. A turn that does not commit breaks the chain, and every
/// later turn of a broken chain is lost: the versions alone could match by chance when another activation has committed in between.
/// </summary>
internal sealed class CommitChain
{
    private volatile bool _broken;

    /// <summary>Whether a turn of the chain did not commit.</summary>
    public bool Broken => _broken;

    /// <summary>Breaks the chain.</summary>
    public void Break() => _broken = true;
}

/// <summary>Names an entry.</summary>
internal readonly record struct EntryName(string Space, string Key);

/// <summary>An expired life, as it was seen. It is replaced only while it still is at this version.</summary>
internal readonly record struct ExpiredLife(long StoreId, long Version);

/// <summary>A message with what the store keeps beside it.</summary>
/// <param name="Bytes">The bytes of its contents and metadata, in UTF-8.</param>
/// <param name="Tools">Its tool calls and results; <see langword="null"/> when it has none.</param>
internal readonly record struct MessageRow(Message Message, int Bytes, ToolLinks? Tools);

/// <summary>The ids of the tool calls that a message makes, and of those whose results it holds.</summary>
/// <param name="Calls">Calls made.</param>
/// <param name="Results">Calls answered.</param>
internal sealed record ToolLinks(ImmutableArray<string> Calls, ImmutableArray<string> Results);

/// <summary>The tool links of one message.</summary>
internal readonly record struct ToolTrace(long Sequence, ToolLinks Links);

/// <summary>What became of a turn.</summary>
internal enum CommitStatus
{
    /// <summary>Written by this call.</summary>
    Committed,

    /// <summary>Written by an earlier call with the same turn id and hash.</summary>
    Replayed,

    /// <summary>The turn id was written before with another hash.</summary>
    TurnConflict,

    /// <summary>The version or the life is not the expected one.</summary>
    Lost,
}

/// <summary>What became of a turn.</summary>
/// <param name="Status">The outcome.</param>
/// <param name="Receipt">The receipt of the turn that holds the id; <see langword="null"/> when it was lost.</param>
internal readonly record struct CommitResult(CommitStatus Status, TurnReceipt? Receipt);
