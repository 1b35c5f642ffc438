using System.Collections.Immutable;
using OrleansMemory.Conversations;

namespace OrleansMemory.Grains.Storage.InMemory;

/// <summary>Where a life is on its way through the store.</summary>
internal enum LifeState
{
    /// <summary>Its key leads to it.</summary>
    Live,

    /// <summary>An import that has not been completed.</summary>
    Importing,

    /// <summary>It has no key any more: it had expired when a newer life took its key, or it was deleted and forks read from it.</summary>
    Replaced,
}

/// <summary>All that the store holds of one life. Only touched under the store's lock.</summary>
internal sealed class StoredLife(long storeId, ConversationKey key, ConversationSettings settings)
{
    // The sequences of each message id, ascending, up to the last sequence that was indexed.
    private readonly Dictionary<string, List<long>> _ids = new(StringComparer.Ordinal);
    private long _indexed;

    public long StoreId { get; } = storeId;

    public ConversationKey Key { get; } = key;

    public LifeState State { get; set; }

    public long Version { get; set; }

    public long FirstSequence { get; set; } = 1;

    public long LastSequence { get; set; }

    public ConversationSettings Settings
    {
        get;
        set
        {
            field = value;
            Labels = MetadataLabels.Of(value.Metadata);
        }
    } = settings;

    /// <summary>What lists filter it by.</summary>
    public ImmutableArray<string> Labels { get; private set; } = MetadataLabels.Of(settings.Metadata);

    public DateTimeOffset CreatedAt { get; set; }

    public DateTimeOffset UpdatedAt { get; set; }

    public DateTimeOffset? ExpiresAt { get; set; }

    /// <summary>What it was forked from, while that exists.</summary>
    public StoredLife? Parent { get; set; }

    /// <summary>The newest sequence that it shares with <see cref="Parent"/>.</summary>
    public long SharedSequence { get; set; }

    /// <summary>Messages before this sequence were truncated and wait to be removed; <see langword="null"/> when none do.</summary>
    public long? RemoveBefore { get; set; }

    /// <summary>The last sequence of an import that is not complete.</summary>
    public long AnnouncedSequence { get; set; }

    /// <summary>The messages that it holds itself, truncated ones included until they are swept.</summary>
    public List<MessageRow> Messages { get; } = [];

    public SortedDictionary<EntryName, Entry> Entries { get; } = new(EntryNameOrder.Instance);

    /// <summary>The entries that it has copied as a fork and not written since, with the life that wrote each.</summary>
    public Dictionary<EntryName, StoredLife> Copied { get; } = [];

    public Dictionary<string, StoredTurn> Turns { get; } = new(StringComparer.Ordinal);

    /// <summary>Removes an entry, if it is there.</summary>
    public void RemoveEntry(EntryName name)
    {
        Entries.Remove(name);
        Copied.Remove(name);
    }

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
            Origin = Parent is not { State: LifeState.Live } ? null : new ForkOrigin { Id = Parent.Key.Id, Sequence = SharedSequence },
        };

    /// <summary>Whose messages make up its log, itself last.</summary>
    public Lineage ToLineage()
    {
        var segments = new Stack<LogSegment>();
        long last = long.MaxValue;
        for (StoredLife? life = this; life is not null; life = life.Parent)
        {
            long first = life.Parent is null ? 1 : life.SharedSequence + 1;
            if (first <= last)
            {
                segments.Push(new LogSegment(life.StoreId, first, last));
            }

            last = Math.Min(last, life.SharedSequence);
        }

        return new Lineage(Key.Tenant, [.. segments]);
    }

    /// <summary>Looks for one of its own messages by its id.</summary>
    /// <param name="first">The first sequence.</param>
    /// <param name="last">The last sequence.</param>
    /// <returns>The sequence of the newest message of the range that has it; <see langword="null"/> when none has.</returns>
    public long? NewestOf(string id, long first, long last)
    {
        foreach (MessageRow row in Range(_indexed + 1, long.MaxValue, MessageOrder.Ascending))
        {
            if (!_ids.TryGetValue(row.Message.Id, out List<long>? sequences))
            {
                _ids[row.Message.Id] = sequences = [];
            }

            sequences.Add(row.Message.Sequence);
            _indexed = row.Message.Sequence;
        }

        long oldest = Messages.Count == 0 ? long.MaxValue : Messages[0].Message.Sequence;
        return
            _ids.TryGetValue(id, out List<long>? found)
            && found.FindLast(sequence => sequence >= Math.Max(first, oldest) && sequence <= last) is > 0 and var newest
            ? newest
            : null;
    }

    /// <summary>Its own messages in a range.</summary>
    /// <param name="first">The first sequence.</param>
    /// <param name="last">The last sequence.</param>
    /// <param name="order">The reading order.</param>
    /// <returns>The messages; they must be used up before the lock is left.</returns>
    public IEnumerable<MessageRow> Range(long first, long last, MessageOrder order)
    {
        if (Messages.Count == 0)
        {
            yield break;
        }

        // They are without gaps, so a sequence tells the index.
        long start = Messages[0].Message.Sequence;
        int low = (int)Math.Clamp(first - start, 0, Messages.Count);
        int high = (int)Math.Clamp(last - start, -1, Messages.Count - 1);
        for (int i = low; i <= high; i++)
        {
            yield return Messages[order == MessageOrder.Ascending ? i : high - (i - low)];
        }
    }
}

/// <summary>A journalled turn with its instant and its place among all turns.</summary>
/// <param name="At">When it was committed.</param>
/// <param name="PreviousAt">When the newest turn before it was; <see langword="null"/> when it began the life.</param>
/// <param name="Number">How many turns the store had committed with it.</param>
internal readonly record struct StoredTurn(JournalledTurn Turn, DateTimeOffset At, DateTimeOffset? PreviousAt, long Number);
