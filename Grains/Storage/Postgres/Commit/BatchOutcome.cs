namespace OrleansMemory.Grains.Storage.Postgres.Commit;

/// <summary>What became of a batch.</summary>
/// <param name="written">The conversations that were written.</param>
/// <param name="journal">What the journal knows of the turns of the others.</param>
internal sealed class BatchOutcome(HashSet<long> written, Dictionary<(long StoreId, string TurnId), JournalledTurn> journal)
{
    /// <summary>
    /// Whether some turns were not written because their ids, or those of turns of their group, were in the journal already.
    /// </summary>
    public bool HasKnown => journal.Count > 0;

    /// <summary>
    /// How many turns at the start of a group were held back only by one behind them whose id was in the journal already.
    /// </summary>
    /// <param name="group">A group of the batch.</param>
    /// <returns>Their number; none when the group was written, or is lost.</returns>
    public int HeldBackByKnown(CommitGroup group)
    {
        int known = 0;
        while (known < group.Turns.Count && !journal.ContainsKey((group.StoreId, group.Turns[known].Commit.TurnId)))
        {
            known++;
        }

        return known == group.Turns.Count ? 0 : known;
    }

    public CommitResult Of(CommitGroup group, PendingCommit turn)
    {
        TurnCommit commit = turn.Commit;
        if (written.Contains(group.StoreId))
        {
            return new CommitResult(CommitStatus.Committed, commit.Receipt);
        }

        if (!journal.TryGetValue((commit.StoreId, commit.TurnId), out JournalledTurn? found))
        {
            return new CommitResult(CommitStatus.Lost, null);
        }

        if (!found.PayloadHash.AsSpan().SequenceEqual(commit.PayloadHash))
        {
            return new CommitResult(CommitStatus.TurnConflict, found.ToReceipt());
        }

        // An attempt of ours that got no answer did write it.
        return turn.Attempted && found.Version == commit.Version
            ? new CommitResult(CommitStatus.Committed, commit.Receipt)
            : new CommitResult(CommitStatus.Replayed, found.ToReceipt());
    }
}
