using System.Collections.Immutable;
using OrleansMemory.Conversations;

namespace OrleansMemory.Grains.Storage;

/// <summary>A decided fork.</summary>
internal sealed record ForkCommit
{
    /// <summary>The life to fork.</summary>
    public required long SourceStoreId { get; init; }

    /// <summary>The version that it must still have.</summary>
    public required long SourceVersion { get; init; }

    /// <summary>The fork's key.</summary>
    public required ConversationKey Target { get; init; }

    /// <summary>The newest shared sequence.</summary>
    public required long AtSequence { get; init; }

    /// <summary>The instant of the fork; it decides which entries are live and whether a life under the target key has expired.</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>The fork's expiry.</summary>
    public DateTimeOffset? ExpiresAt { get; init; }
}

/// <summary>What became of a fork.</summary>
internal enum ForkStatus
{
    /// <summary>Made by this call.</summary>
    Created,

    /// <summary>A live conversation has the target's key; see <see cref="ForkResult.Head"/>.</summary>
    Exists,

    /// <summary>The source has moved on.</summary>
    Lost,
}

/// <summary>What became of a fork.</summary>
/// <param name="Status">The outcome.</param>
/// <param name="Head">The head under the target's key; <see langword="null"/> when the source was lost.</param>
/// <param name="OriginStoreId">The life that the conversation under the target's key was forked from, if it is a fork.</param>
internal readonly record struct ForkResult(ForkStatus Status, Head? Head, long? OriginStoreId);

/// <summary>What a deletion did.</summary>
/// <param name="Receipt">The counts.</param>
/// <param name="CutForks">The forks whose shared messages are gone: their activations must forget them.</param>
internal sealed record DeleteResult(DeleteReceipt Receipt, ImmutableArray<ConversationKey> CutForks);

/// <summary>A decided import.</summary>
internal sealed record ImportCommit
{
    /// <summary>The conversation to be.</summary>
    public required ConversationKey Key { get; init; }

    /// <summary>A reserved store id, which names the import.</summary>
    public required long StoreId { get; init; }

    /// <summary>Its settings.</summary>
    public required ConversationSettings Settings { get; init; }

    /// <summary>Its live entries.</summary>
    public ImmutableArray<Entry> Entries { get; init; } = [];

    /// <summary>The first sequence to come.</summary>
    public required long FirstSequence { get; init; }

    /// <summary>The last sequence to come.</summary>
    public required long LastSequence { get; init; }

    /// <summary>The instant it was begun.</summary>
    public required DateTimeOffset At { get; init; }
}

/// <summary>What became of an import.</summary>
internal enum ImportStatus
{
    /// <summary>The conversation exists, by this call or an earlier one.</summary>
    Completed,

    /// <summary>Another live conversation has the key.</summary>
    Exists,

    /// <summary>Messages are missing.</summary>
    Incomplete,
}

/// <summary>What to sweep.</summary>
/// <param name="TurnsBefore">Turn ids committed before this instant are forgotten.</param>
/// <param name="ImportsBefore">Imports begun before this instant are dropped.</param>
/// <param name="Limit">The most rows of each kind.</param>
internal readonly record struct Sweep(DateTimeOffset TurnsBefore, DateTimeOffset ImportsBefore, int Limit);

/// <summary>What was swept.</summary>
/// <param name="Turns">Turn ids forgotten.</param>
/// <param name="Imports">Imports dropped.</param>
/// <param name="Messages">Messages removed.</param>
/// <param name="Lives">Replaced lives removed.</param>
internal readonly record struct SweepResult(int Turns, int Imports, int Messages, int Lives);
