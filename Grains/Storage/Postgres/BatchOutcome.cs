namespace OrleansMemory.Grains.Storage.Postgres;

/// <summary>What became of a batch.</summary>
/// <param name="written">The conversations that were written.</param>
/// <param name="journal">What the journal knows of the turns of the others.</param>
internal sealed class BatchOutcome(HashSet<long> written, Dictionary<(long StoreId, string TurnId), JournalledTurn> journal)
{
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
