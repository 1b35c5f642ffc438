using OrleansMemory.Conversations;
using OrleansMemory.Grains.Storage;

namespace OrleansMemory.Tests.Contracts;

/// <summary>What a store should hold and answer, in the plainest way: no rows, no lineage, no laziness. Forks are copies.</summary>
internal sealed class ConversationStoreModel
{
    private readonly List<ModelLife> _lives = [];
    private readonly Dictionary<(ConversationKey Key, string TurnId), DateTimeOffset> _gone = [];

    /// <summary>
    /// Whether a sweep may have removed rows that are not read, so that a deletion can no longer tell how many there were.
    /// </summary>
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
            made.Copied.Add(name, source.Copied.GetValueOrDefault(name, source));
        }

        _lives.Add(made);
        return new ForkResult(ForkStatus.Created, made.ToHead(), source.StoreId);
    }

    public (DeleteReceipt Receipt, HashSet<ConversationKey> Cut) Delete(ConversationKey key, DateTimeOffset at, bool cutsForks)
    {
        List<ModelLife> deleted = _lives.FindAll(life => life.Key == key);
        bool existed = deleted.Exists(life => !life.Replaced);
        foreach (string turnId in deleted.SelectMany(life => life.Turns.Keys.Append($"\0{life.StoreId}")))
        {
            _gone[(key, turnId)] = at;
        }

        (DeleteReceipt removed, HashSet<ConversationKey> cut) = cutsForks ? Cut(deleted) : (Retire(deleted), []);
        Release(deleted);
        return (removed with { Existed = existed, ForksCut = cut.Count }, cut);
    }

    public bool HasGone(ConversationKey key) => _gone.Keys.Any(turn => turn.Key == key);

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
        foreach ((ConversationKey, string) old in _gone.Where(turn => turn.Value < turnsBefore).Select(turn => turn.Key).ToArray())
        {
            _gone.Remove(old);
        }

        foreach (ModelLife life in _lives)
        {
            foreach (string turnId in life.Turns.Where(turn => turn.Value.At < turnsBefore).Select(turn => turn.Key).ToArray())
            {
                life.Turns.Remove(turnId);
            }
        }
    }

    private (DeleteReceipt Removed, HashSet<ConversationKey> Cut) Cut(List<ModelLife> deleted)
    {
        var cut = new HashSet<ConversationKey>();
        long copies = 0;
        foreach (ModelLife fork in _lives.Except(deleted).Where(fork => SharedWith(fork, deleted) is not null).ToArray())
        {
            HashSet<ModelLife> kept = [fork, .. fork.Above().TakeWhile(life => !deleted.Contains(life))];
            foreach (EntryName name in fork.Copied.Where(copy => !kept.Contains(copy.Value)).Select(copy => copy.Key).ToArray())
            {
                fork.Copied.Remove(name);
                fork.Entries.Remove(name);
                copies++;
            }

            fork.DropBefore(SharedWith(fork, deleted)!.Value + 1);
            fork.Version++;
            if (!fork.Replaced)
            {
                cut.Add(fork.Key);
            }
        }

        foreach (ModelLife orphan in _lives.Where(life => life.Parent is not null && deleted.Contains(life.Parent)))
        {
            orphan.Parent = null;
        }

        DeleteReceipt removed = Count(deleted);
        _lives.RemoveAll(deleted.Contains);
        return (removed with { Entries = removed.Entries + copies }, cut);
    }

    /// <summary>Of lives that forks read from what these read stays, under no key.</summary>
    private DeleteReceipt Retire(List<ModelLife> deleted)
    {
        DeleteReceipt all = Count(deleted);
        List<ModelLife> read = deleted.FindAll(life => SharedBy(life) is not null);
        long kept = read.Sum(life => life.Written - life.Retire(SharedBy(life)!.Value));
        _lives.RemoveAll(life => deleted.Contains(life) && !read.Contains(life));
        return all with { Messages = all.Messages - kept };
    }

    /// <summary>What has no key and is read by no one any more goes, up the line.</summary>
    private void Release(List<ModelLife> gone)
    {
        foreach (ModelLife parent in gone.SelectMany(life => life.Above().TakeWhile(parent => parent.Replaced)))
        {
            if (SharedBy(parent) is { } shared)
            {
                parent.Retire(shared);
            }
            else
            {
                _lives.Remove(parent);
            }
        }
    }

    private long? SharedBy(ModelLife life) => _lives.Where(fork => fork.Parent == life).Max(fork => (long?)fork.SharedSequence);

    private static DeleteReceipt Count(List<ModelLife> lives) =>
        new()
        {
            Existed = true,
            Messages = lives.Sum(life => life.Written),
            Entries = lives.Sum(life => life.Entries.Count),
            Turns = lives.Sum(life => life.Turns.Count),
        };

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

        if (!commit.KnowsGone && HasGone(commit.Key))
        {
            return null;
        }

        var life = new ModelLife(commit.Key, commit.StoreId) { CreatedAt = commit.At };
        _lives.Add(life);
        return life;
    }
}
