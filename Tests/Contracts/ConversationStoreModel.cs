using OrleansMemory.Conversations;
using OrleansMemory.Grains.Storage;

namespace OrleansMemory.Tests.Contracts;

/// <summary>What a store should hold and answer, in the plainest way: no rows, no lineage, no laziness. Forks are copies.</summary>
internal sealed class ConversationStoreModel
{
    private readonly List<ModelLife> _lives = [];

    /// <summary>Whether a sweep may have removed rows that nobody reads, so that a deletion can no longer tell how many there were.</summary>
    public bool Swept { get; private set; }

    public ModelLife? Find(ConversationKey key) => _lives.Find(life => life.Key == key && !life.Replaced);

    public CommitResult Commit(TurnCommit commit)
    {
        if (commit.Chain is { Broken: true })
        {
            return new CommitResult(CommitStatus.Lost, null);
        }

        CommitResult result = Decide(commit);
        if (result.Status != CommitStatus.Committed)
        {
            commit.Chain?.Break();
        }

        return result;
    }

    public ForkResult Fork(ForkCommit fork, long newStoreId)
    {
        if (Find(fork.Target) is { } there)
        {
            if (!there.IsExpired(fork.At))
            {
                return new ForkResult(ForkStatus.Exists, there.ToHead(), there.Parent?.StoreId);
            }

            there.Replaced = true;
        }

        ModelLife? source = _lives.Find(life => life.StoreId == fork.SourceStoreId && !life.Replaced && life.Version == fork.SourceVersion);
        if (source is null)
        {
            return new ForkResult(ForkStatus.Lost, null, null);
        }

        var made = new ModelLife(fork.Target, newStoreId)
        {
            Version = 1,
            FirstSequence = source.FirstSequence,
            LastSequence = fork.AtSequence,
            Settings = source.Settings,
            CreatedAt = fork.At,
            UpdatedAt = fork.At,
            ExpiresAt = fork.ExpiresAt,
            Parent = source,
            SharedSequence = fork.AtSequence,
        };
        made.Log.AddRange(source.Log.Where(row => row.Message.Sequence <= fork.AtSequence));
        foreach ((EntryName name, Entry entry) in source.Entries.Where(pair => pair.Value.ExpiresAt is not { } end || end > fork.At))
        {
            made.Entries.Add(name, entry);
        }

        _lives.Add(made);
        return new ForkResult(ForkStatus.Created, made.ToHead(), source.StoreId);
    }

    public (DeleteReceipt Receipt, HashSet<ConversationKey> Cut) Delete(ConversationKey key)
    {
        List<ModelLife> doomed = _lives.FindAll(life => life.Key == key);
        var cut = new HashSet<ConversationKey>();
        foreach (ModelLife fork in _lives.Except(doomed).Where(fork => SharedWith(fork, doomed) is not null).ToArray())
        {
            fork.DropBefore(SharedWith(fork, doomed)!.Value + 1);
            fork.Version++;
            if (!fork.Replaced)
            {
                cut.Add(fork.Key);
            }
        }

        foreach (ModelLife orphan in _lives.Where(life => life.Parent is not null && doomed.Contains(life.Parent)))
        {
            orphan.Parent = null;
        }

        _lives.RemoveAll(doomed.Contains);
        var receipt = new DeleteReceipt
        {
            Existed = doomed.Exists(life => !life.Replaced),
            Messages = doomed.Sum(life => life.Written),
            Entries = doomed.Sum(life => life.Entries.Count),
            Turns = doomed.Sum(life => life.Turns.Count),
            ForksCut = cut.Count,
        };
        return (receipt, cut);
    }

    public ImportStatus Import(ImportCommit import, IReadOnlyCollection<MessageRow> messages, DateTimeOffset at)
    {
        if (messages.Count < import.LastSequence - import.FirstSequence + 1)
        {
            return ImportStatus.Incomplete;
        }

        if (Find(import.Key) is { } there)
        {
            if (!there.IsExpired(at))
            {
                return ImportStatus.Exists;
            }

            there.Replaced = true;
        }

        var life = new ModelLife(import.Key, import.StoreId)
        {
            Version = 1,
            FirstSequence = import.FirstSequence,
            LastSequence = import.LastSequence,
            Settings = import.Settings,
            CreatedAt = at,
            UpdatedAt = at,
            ExpiresAt = at + import.Settings.TimeToLive?.Duration,
            Written = messages.Count,
        };
        life.Log.AddRange(messages);
        foreach (Entry entry in import.Entries)
        {
            life.Entries.Add(new EntryName(entry.Space, entry.Key), entry);
        }

        _lives.Add(life);
        return ImportStatus.Completed;
    }

    public void Sweep(DateTimeOffset turnsBefore)
    {
        Swept = true;
        foreach (ModelLife life in _lives)
        {
            foreach (string turnId in life.Turns.Where(turn => turn.Value.At < turnsBefore).Select(turn => turn.Key).ToArray())
            {
                life.Turns.Remove(turnId);
            }
        }
    }

    /// <summary>The newest sequence that a fork shares, directly or through others, with one of some lives.</summary>
    /// <returns>The sequence; <see langword="null"/> when it is no fork of them.</returns>
    private static long? SharedWith(ModelLife fork, List<ModelLife> lives)
    {
        long shared = long.MaxValue;
        for (ModelLife life = fork; life.Parent is not null; life = life.Parent)
        {
            shared = Math.Min(shared, life.SharedSequence);
            if (lives.Contains(life.Parent))
            {
                return shared;
            }
        }

        return null;
    }

    private CommitResult Decide(TurnCommit commit)
    {
        ModelLife? life = _lives.Find(candidate => candidate.StoreId == commit.StoreId);
        if (life is not null && life.Turns.TryGetValue(commit.TurnId, out (byte[] Hash, TurnReceipt Receipt, DateTimeOffset At) turn))
        {
            bool same = turn.Hash.AsSpan().SequenceEqual(commit.PayloadHash);
            return new CommitResult(same ? CommitStatus.Replayed : CommitStatus.TurnConflict, turn.Receipt with { Replayed = true });
        }

        if (life is null && commit.ExpectedVersion == 0)
        {
            life = Start(commit);
        }

        if (life is null || life.Replaced || life.Version != commit.ExpectedVersion)
        {
            return new CommitResult(CommitStatus.Lost, null);
        }

        life.Apply(commit);
        return new CommitResult(CommitStatus.Committed, commit.Receipt);
    }

    private ModelLife? Start(TurnCommit commit)
    {
        if (Find(commit.Key) is { } there)
        {
            if (commit.Replaces != new ExpiredLife(there.StoreId, there.Version) || !there.IsExpired(commit.At))
            {
                return null;
            }

            there.Replaced = true;
        }

        var life = new ModelLife(commit.Key, commit.StoreId) { CreatedAt = commit.At };
        _lives.Add(life);
        return life;
    }
}
