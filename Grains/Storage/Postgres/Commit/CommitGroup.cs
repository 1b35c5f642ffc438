namespace OrleansMemory.Grains.Storage.Postgres.Commit;

/// <summary>Consecutive turns of one conversation in one batch. They are written together or not at all.</summary>
internal sealed class CommitGroup
{
    private readonly List<PendingCommit> _turns;

    public CommitGroup(PendingCommit first) => _turns = [first];

    private CommitGroup(List<PendingCommit> turns) => _turns = turns;

    public IReadOnlyList<PendingCommit> Turns => _turns;

    public TurnCommit First => _turns[0].Commit;

    public TurnCommit Last => _turns[^1].Commit;

    public long StoreId => First.StoreId;

    /// <summary>Takes a turn in when it continues the group.</summary>
    /// <returns>Whether it was taken.</returns>
    public bool TryAppend(PendingCommit next)
    {
        TurnCommit commit = next.Commit;
        if (
            commit.ExpectedVersion != Last.Version
            || commit.Chain is null
            || !ReferenceEquals(commit.Chain, Last.Chain)
            || Holds(commit.TurnId)
        )
        {
            return false;
        }

        _turns.Add(next);
        return true;
    }

    /// <summary>Cuts the group in two, in order.</summary>
    /// <param name="count">How many turns the first part gets: at least one, and not all of them.</param>
    /// <returns>Both parts.</returns>
    public (CommitGroup First, CommitGroup Second) SplitAfter(int count) =>
        (new CommitGroup(_turns[..count]), new CommitGroup(_turns[count..]));

    private bool Holds(string turnId)
    {
        foreach (PendingCommit turn in _turns)
        {
            if (string.Equals(turn.Commit.TurnId, turnId, StringComparison.Ordinal))
            {
                return true;
            }
        }

        return false;
    }
}
