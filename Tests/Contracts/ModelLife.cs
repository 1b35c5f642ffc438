using OrleansMemory.Conversations;
using OrleansMemory.Grains.Storage;

namespace OrleansMemory.Tests.Contracts;

/// <summary>One life in the model: the log is held whole, also by a fork.</summary>
internal sealed class ModelLife(ConversationKey key, long storeId)
{
    public ConversationKey Key { get; } = key;

    public long StoreId { get; } = storeId;

    public bool Replaced { get; set; }

    public long Version { get; set; }

    public long FirstSequence { get; set; } = 1;

    public long LastSequence { get; set; }

    public ConversationSettings Settings { get; set; } = ConversationSettings.Empty;

    public DateTimeOffset CreatedAt { get; set; }

    public DateTimeOffset UpdatedAt { get; set; }

    public DateTimeOffset? ExpiresAt { get; set; }

    public ModelLife? Parent { get; set; }

    public long SharedSequence { get; set; }

    /// <summary>The messages that a reader sees, oldest first.</summary>
    public List<MessageRow> Log { get; } = [];

    public Dictionary<EntryName, Entry> Entries { get; } = [];

    /// <summary>The entries that it has copied as a fork and not written since, with the life that wrote each.</summary>
    public Dictionary<EntryName, ModelLife> Copied { get; } = [];

    public Dictionary<string, (byte[] Hash, TurnReceipt Receipt, DateTimeOffset At)> Turns { get; } = [];

    /// <summary>How many messages were ever written to this life itself.</summary>
    public long Written { get; set; }

    public Head ToHead() =>
        new()
        {
            Key = Key,
            Version = Version,
            FirstSequence = FirstSequence,
            LastSequence = LastSequence,
            Settings = Settings,
            CreatedAt = CreatedAt,
            UpdatedAt = UpdatedAt,
            ExpiresAt = ExpiresAt,
            Origin = Parent is not { Replaced: false } ? null : new ForkOrigin { Id = Parent.Key.Id, Sequence = SharedSequence },
        };

    public bool IsExpired(DateTimeOffset now) => ExpiresAt <= now;

    public void DropBefore(long sequence)
    {
        FirstSequence = Math.Max(FirstSequence, sequence);
        Log.RemoveAll(row => row.Message.Sequence < FirstSequence);
    }

    public IEnumerable<Entry> OrderedEntries() =>
        Entries.Values.OrderBy(entry => entry.Space, StringComparer.Ordinal).ThenBy(entry => entry.Key, StringComparer.Ordinal);

    public List<Message> Tail(TailBounds bounds)
    {
        List<Message> tail = Read(new MessageScan(1, long.MaxValue, null, MessageOrder.Descending, bounds.Messages, bounds.Bytes));
        tail.Reverse();
        return tail;
    }

    public List<Message> Read(MessageScan scan)
    {
        IEnumerable<MessageRow> rows = Log.Where(row =>
            row.Message.Sequence >= scan.First && row.Message.Sequence <= scan.Last && (scan.Role is null || scan.Role == row.Message.Role)
        );
        var read = new List<Message>();
        long bytes = 0;
        foreach (MessageRow row in scan.Order == MessageOrder.Ascending ? rows : rows.Reverse())
        {
            bytes += row.Bytes;
            if (read.Count > 0 && (read.Count == scan.Limit || bytes > scan.MaxBytes))
            {
                break;
            }

            read.Add(row.Message);
        }

        return read;
    }

    /// <summary>What it was forked from, the nearest first.</summary>
    public IEnumerable<ModelLife> Above()
    {
        for (ModelLife? life = Parent; life is not null; life = life.Parent)
        {
            yield return life;
        }
    }

    /// <summary>Leaves of it what forks read.</summary>
    /// <param name="shared">The newest sequence that one of them reads.</param>
    /// <returns>How many messages of its own went.</returns>
    public long Retire(long shared)
    {
        long gone = Math.Clamp(LastSequence - shared, 0, Written);
        Replaced = true;
        Written -= gone;
        LastSequence = Math.Min(LastSequence, shared);
        SharedSequence = Math.Min(SharedSequence, shared);
        ExpiresAt = null;
        Entries.Clear();
        Copied.Clear();
        Turns.Clear();
        return gone;
    }

    public void Apply(TurnCommit commit)
    {
        Version++;
        LastSequence = commit.LastSequence;
        UpdatedAt = commit.At;
        ExpiresAt = commit.ExpiresAt;
        Settings = commit.Settings ?? Settings;
        Log.AddRange(commit.Messages);
        Written += commit.Messages.Length;
        DropBefore(commit.FirstSequence);
        foreach (EntryName name in commit.EntryDeletes)
        {
            Entries.Remove(name);
            Copied.Remove(name);
        }

        foreach (Entry entry in commit.EntryWrites)
        {
            var name = new EntryName(entry.Space, entry.Key);
            Entries[name] = entry;
            Copied.Remove(name);
        }

        Turns.Add(commit.TurnId, (commit.PayloadHash, commit.Receipt, commit.At));
    }
}
