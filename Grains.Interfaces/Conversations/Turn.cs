using System.Collections.Immutable;

namespace OrleansMemory.Conversations;

/// <summary>
/// All that one commit changes: it is written whole or not at all. The parts take effect in this order: <see cref="KeepLast"/> or
/// <see cref="DeleteSequences"/>, <see cref="Messages"/>, <see cref="EntryDeletes"/>, <see cref="EntryWrites"/>, <see cref="Settings"/>.
/// </summary>
[GenerateSerializer, Immutable, Alias("OrleansMemory.Turn")]
public sealed record Turn
{
    /// <summary>
    /// The caller's idempotency key, 1 to 256 bytes of UTF-8. The same id with the same payload answers with the first receipt and
    /// writes nothing; with another payload it is refused. Ids are kept for a stated window, 24 hours by default.
    /// </summary>
    [Id(0)]
    public required string TurnId { get; init; }

    /// <summary>
    /// The version the caller saw; the turn is refused when the conversation has moved on. 0 expects an unknown conversation.
    /// <see langword="null"/> commits onto whatever is there. Not part of the payload that a repeated turn id must match.
    /// </summary>
    [Id(1)]
    public long? ExpectedVersion { get; init; }

    /// <summary>
    /// Before anything is appended, drops all but the newest messages: at least this many are kept, and more where that is needed to
    /// keep a tool call together with its result. 0 clears the log. <see langword="null"/> drops nothing.
    /// </summary>
    [Id(2)]
    public int? KeepLast { get; init; }

    /// <summary>The messages to append, in order.</summary>
    [Id(3)]
    public ImmutableArray<NewMessage> Messages { get; init; } = [];

    /// <summary>The entries to set. The last one wins where two name the same entry.</summary>
    [Id(4)]
    public ImmutableArray<EntryWrite> EntryWrites { get; init; } = [];

    /// <summary>The entries to remove, before <see cref="EntryWrites"/> are made.</summary>
    [Id(5)]
    public ImmutableArray<EntryDelete> EntryDeletes { get; init; } = [];

    /// <summary>The settings to change; <see langword="null"/> changes none.</summary>
    [Id(6)]
    public SettingsChange? Settings { get; init; }

    /// <summary>
    /// Before anything is appended, drops these messages, each named by its sequence in the log; naming one twice is no error. Not together
    /// with <see cref="KeepLast"/>. Empty drops nothing.
    /// </summary>
    /// <remarks>
    /// Sequences have no gaps and never go back. So where these are the oldest messages the log starts behind them, at no cost; else all
    /// messages that are left are written again at the log's end, in their order and in the same commit, with all they have but with new
    /// sequences. They count against the limits of a turn. It is the caller who decides: a tool call may be dropped without its result.
    /// </remarks>
    [Id(7)]
    public ImmutableArray<long> DeleteSequences { get; init; } = [];

    /// <summary>
    /// What a repeated turn id must match in place of the payload, 1 to 4,096 bytes of UTF-8: for turns whose payload differs each time
    /// they are made, because it holds an instant or something that was read. Only a hash of it is kept. <see langword="null"/> matches
    /// the payload.
    /// </summary>
    [Id(8)]
    public string? Fingerprint { get; init; }

    /// <summary>
    /// Settings that hold where this turn begins the conversation: its id is unknown, or what it named has expired. Where the conversation
    /// goes on they are ignored. <see cref="Settings"/> are applied to them. <see langword="null"/> begins with none but the tenant's
    /// default time to live.
    /// </summary>
    [Id(9)]
    public ConversationSettings? InitialSettings { get; init; }

    /// <summary>
    /// Whether the turn only goes on with a conversation and never begins one: where there is none it is refused as not found. For callers
    /// that have read the conversation, so that what they were told does not begin a new one after a deletion; <see cref="ExpectedLife"/>
    /// also keeps it out of one that others have begun. Not part of the payload that a repeated turn id must match.
    /// </summary>
    /// <value>Default: false.</value>
    [Id(10)]
    public bool MustExist { get; init; }

    /// <summary>
    /// <see cref="Head.CreatedAt"/> of the conversation that the caller has read, in whole microseconds: where it is gone, also where
    /// another one has begun under its id since, the turn is refused as not found. Not part of the payload that a repeated turn id must
    /// match. <see langword="null"/> goes on with whichever there is.
    /// </summary>
    [Id(11)]
    public DateTimeOffset? ExpectedLife { get; init; }

    /// <summary>
    /// What must hold for the turn to be committed. They are decided with the turn, upon the turns that were committed before it, whoever
    /// committed those; where one does not hold nothing is written and the turn is refused with
    /// <see cref="Errors.ConditionFailedException"/>. Unlike with <see cref="ExpectedVersion"/>, turns that change something else do not
    /// matter. A turn whose id was committed before is answered with its receipt, whatever has become of its conditions. Part of the
    /// payload that a repeated turn id must match, unless there is a <see cref="Fingerprint"/>. Empty asks for nothing.
    /// </summary>
    [Id(12)]
    public ImmutableArray<TurnCondition> Conditions { get; init; } = [];
}

/// <summary>What a committed turn is answered with, once it is durable.</summary>
[GenerateSerializer, Immutable, Alias("OrleansMemory.TurnReceipt")]
public sealed record TurnReceipt
{
    /// <summary>The conversation's version after the turn, counted from 1: the number of turns ever committed.</summary>
    [Id(0)]
    public required long Version { get; init; }

    /// <summary>The sequence of the turn's first own message; <see langword="null"/> when it appended none.</summary>
    [Id(1)]
    public long? FirstSequence { get; init; }

    /// <summary>The sequence of the turn's last own message; <see langword="null"/> when it appended none.</summary>
    [Id(2)]
    public long? LastSequence { get; init; }

    /// <summary>Whether the turn had been committed before and this call wrote nothing.</summary>
    [Id(3)]
    public bool Replayed { get; init; }

    /// <summary>
    /// Whether the turn began the conversation: there was none of its id, or that one had expired and nothing of it is left, owner and time
    /// to live neither.
    /// </summary>
    public bool Began => Version == 1;
}
