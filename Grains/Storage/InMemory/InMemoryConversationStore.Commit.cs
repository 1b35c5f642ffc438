using OrleansMemory.Conversations;

namespace OrleansMemory.Grains.Storage.InMemory;

internal sealed partial class InMemoryConversationStore
{
    /// <inheritdoc />
    public Task<CommitResult> CommitAsync(TurnCommit commit, CancellationToken cancellationToken)
    {
        Task<CommitResult> done = Locked(() => Commit(commit), cancellationToken);
        if (done.IsFaulted)
        {
            commit.Chain?.Break();
        }

        return done;
    }

    private CommitResult Commit(TurnCommit commit)
    {
        if (commit.Chain is { Broken: true })
        {
            return new CommitResult(CommitStatus.Lost, null);
        }

        StorableData.Check(commit);
        if (FindTurn(commit.StoreId, commit.TurnId) is { } known)
        {
            commit.Chain?.Break();
            bool same = known.PayloadHash.AsSpan().SequenceEqual(commit.PayloadHash);
            return new CommitResult(same ? CommitStatus.Replayed : CommitStatus.TurnConflict, known.ToReceipt());
        }

        if (FindOrStart(commit) is not { } life)
        {
            commit.Chain?.Break();
            return new CommitResult(CommitStatus.Lost, null);
        }

        Apply(commit, life);
        return new CommitResult(CommitStatus.Committed, commit.Receipt);
    }

    private StoredLife? FindOrStart(TurnCommit commit)
    {
        if (_lives.TryGetValue(commit.StoreId, out StoredLife? life))
        {
            return life.State == LifeState.Live && life.Version == commit.ExpectedVersion ? life : null;
        }

        if (commit.ExpectedVersion != 0)
        {
            return null;
        }

        if (
            commit.Replaces is { } expired
            && _live.TryGetValue(commit.Key, out StoredLife? old)
            && old.StoreId == expired.StoreId
            && old.Version == expired.Version
            && old.ExpiresAt <= commit.At
        )
        {
            Replace(old);
        }

        if (!commit.KnowsGone && _gone.ContainsKey(commit.Key))
        {
            return null;
        }

        life = new StoredLife(commit.StoreId, commit.Key, ConversationSettings.Empty) { CreatedAt = commit.At };
        if (!_live.TryAdd(commit.Key, life))
        {
            return null;
        }

        _lives.Add(life.StoreId, life);
        return life;
    }

    private void Apply(TurnCommit commit, StoredLife life)
    {
        life.Version = commit.Version;
        life.FirstSequence = commit.FirstSequence;
        life.LastSequence = commit.LastSequence;
        life.UpdatedAt = commit.At > life.UpdatedAt ? commit.At : life.UpdatedAt;
        life.ExpiresAt = commit.ExpiresAt;
        life.Messages.AddRange(commit.Messages);
        if (commit.Settings is { } settings)
        {
            life.Settings = settings;
        }

        if (commit.Truncates)
        {
            life.RemoveBefore = commit.FirstSequence;
        }

        foreach (EntryName name in commit.EntryDeletes)
        {
            life.RemoveEntry(name);
        }

        foreach (Entry entry in commit.EntryWrites)
        {
            var name = new EntryName(entry.Space, entry.Key);
            life.RemoveEntry(name);
            life.Entries.Add(name, entry);
        }

        TurnReceipt receipt = commit.Receipt;
        var turn = new JournalledTurn([.. commit.PayloadHash], receipt.Version, receipt.FirstSequence, receipt.LastSequence);
        life.Turns.Add(commit.TurnId, new StoredTurn(turn, commit.At, commit.PreviousAt, ++_turns));
    }
}
