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

/// <summary>A decided deletion.</summary>
/// <param name="At">The instant of the deletion: what had expired by then did not exist.</param>
/// <param name="ExpectedVersion">The version that it must have, 0 for none; <see langword="null"/> for any.</param>
/// <param name="ExpectedLife">The instant at which it must have begun, in whole microseconds; <see langword="null"/> for any.</param>
/// <param name="CutsForks">Whether forks lose what they share with it; else they keep it.</param>
internal readonly record struct DeleteCommit(
    ConversationKey Key,
    DateTimeOffset At,
    long? ExpectedVersion = null,
    DateTimeOffset? ExpectedLife = null,
    bool CutsForks = false
)
{
    /// <summary>Compares what is expected with what there is. It is called while no one else can change that.</summary>
    /// <param name="version">The version of the live conversation; <see langword="null"/> when there is none, or it has expired.</param>
    /// <param name="life">When it began.</param>
    /// <returns>The answer when nothing is to be removed; <see langword="null"/> when the deletion goes on.</returns>
    public DeleteResult? Check(long? version, DateTimeOffset? life)
    {
        bool gone = version is null ? ExpectedVersion > 0 || ExpectedLife is not null : ExpectedLife is { } expected && expected != life;
        if (gone)
        {
            return new DeleteResult(new DeleteReceipt { Existed = false }, []);
        }

        return ExpectedVersion is { } wanted && wanted != (version ?? 0)
            ? new DeleteResult(new DeleteReceipt { Existed = false }, [], version)
            : null;
    }
}

/// <summary>What a deletion did.</summary>
/// <param name="Receipt">The counts.</param>
/// <param name="CutForks">The forks whose shared messages are gone: their activations must forget them.</param>
/// <param name="ActualVersion">
/// The version of a conversation that is not at the expected one, so that nothing was removed; otherwise <see langword="null"/>.
/// </param>
internal sealed record DeleteResult(DeleteReceipt Receipt, ImmutableArray<ConversationKey> CutForks, long? ActualVersion = null);

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

    /// <summary>When it expires; <see langword="null"/> to have its time to live start when it is completed.</summary>
    public DateTimeOffset? ExpiresAt { get; init; }

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
/// <param name="TurnsBefore">
/// Turn ids committed before this instant are forgotten, and so are those that were deleted or erased before it.
/// </param>
/// <param name="ImportsBefore">Imports begun before this instant are dropped.</param>
/// <param name="Limit">The most rows of each kind.</param>
internal readonly record struct Sweep(DateTimeOffset TurnsBefore, DateTimeOffset ImportsBefore, int Limit);

/// <summary>What was swept.</summary>
/// <param name="Turns">Turn ids forgotten, those of deleted and erased turns included.</param>
/// <param name="Imports">Imports dropped.</param>
/// <param name="Messages">Messages removed.</param>
/// <param name="Lives">Replaced lives removed.</param>
internal readonly record struct SweepResult(int Turns, int Imports, int Messages, int Lives);
