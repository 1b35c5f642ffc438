using System.Diagnostics.CodeAnalysis;

namespace OrleansMemory.Client.Compatibility.InMemory;

/// <summary>
/// Keyed values in groups, each with an expiry or none, in this process. Every call first drops what has expired, whoever it belongs to,
/// and a group ends with its last entry: what can no longer be read takes no memory once anybody calls again.
/// </summary>
/// <typeparam name="TGroup">What names a group.</typeparam>
/// <typeparam name="TValue">The values. They are handed out as they are, so they must not change.</typeparam>
/// <param name="time">The clock of expiries.</param>
internal sealed class ExpiringEntries<TGroup, TValue>(TimeProvider time)
    where TGroup : notnull
{
    private readonly Lock _lock = new();
    private readonly Dictionary<TGroup, Dictionary<string, Item>> _groups = [];
    private readonly SortedSet<Item> _due = new(Comparer<Item>.Create(Compare));
    private long _order;

    /// <summary>How many groups, entries and expiries are held, expired ones included.</summary>
    public (int Groups, int Entries, int Expiries) Held
    {
        get
        {
            lock (_lock)
            {
                return (_groups.Count, _groups.Values.Sum(group => group.Count), _due.Count);
            }
        }
    }

    /// <summary>Sets an entry: value and expiry are both replaced.</summary>
    /// <param name="timeToLive">How long it lives; <see langword="null"/> without end.</param>
    public void Set(TGroup group, string key, TValue value, TimeSpan? timeToLive)
    {
        lock (_lock)
        {
            Purge();
            Drop(Find(group, key));
            Add(new Item(group, key, value, EntryTime.End(time, timeToLive), _order++));
        }
    }

    /// <summary>Removes an entry. Removing what is not there is no error.</summary>
    public void Remove(TGroup group, string key)
    {
        lock (_lock)
        {
            Purge();
            Drop(Find(group, key));
        }
    }

    /// <summary>Reads a live entry.</summary>
    public bool TryGet(TGroup group, string key, [MaybeNullWhen(false)] out TValue value)
    {
        lock (_lock)
        {
            Purge();
            Item? item = Find(group, key);
            value = item is null ? default : item.Value;
            return item is not null;
        }
    }

    /// <summary>Replaces the value of a live entry and leaves its expiry.</summary>
    /// <param name="change">Makes the new value of the old one; called under the lock.</param>
    public bool TryChange(TGroup group, string key, Func<TValue, TValue> change)
    {
        lock (_lock)
        {
            Purge();
            if (Find(group, key) is not { } item)
            {
                return false;
            }

            item.Value = change(item.Value);
            return true;
        }
    }

    /// <summary>Reads the live entries of a group.</summary>
    /// <returns>Copies, in no order.</returns>
    public IReadOnlyList<ExpiringEntry<TGroup, TValue>> List(TGroup group)
    {
        lock (_lock)
        {
            Purge();
            return _groups.TryGetValue(group, out Dictionary<string, Item>? entries) ? [.. entries.Values.Select(item => item.Copy())] : [];
        }
    }

    /// <summary>Reads the live entries of all groups.</summary>
    /// <returns>Copies, in no order.</returns>
    public IReadOnlyList<ExpiringEntry<TGroup, TValue>> ListAll()
    {
        lock (_lock)
        {
            Purge();
            return [.. _groups.Values.SelectMany(group => group.Values).Select(item => item.Copy())];
        }
    }

    /// <summary>Drops what has expired.</summary>
    /// <returns>How many entries.</returns>
    public int ClearExpired()
    {
        lock (_lock)
        {
            return Purge();
        }
    }

    private static int Compare(Item? left, Item? right)
    {
        int byTime = Nullable.Compare(left!.ExpiresAt, right!.ExpiresAt);
        return byTime != 0 ? byTime : left.Order.CompareTo(right.Order);
    }

    private int Purge()
    {
        DateTimeOffset now = time.GetUtcNow();
        int dropped = 0;
        while (_due.Min is { } first && first.ExpiresAt <= now)
        {
            Drop(first);
            dropped++;
        }

        return dropped;
    }

    private Item? Find(TGroup group, string key) =>
        _groups.TryGetValue(group, out Dictionary<string, Item>? entries) ? entries.GetValueOrDefault(key) : null;

    private void Add(Item item)
    {
        if (!_groups.TryGetValue(item.Group, out Dictionary<string, Item>? entries))
        {
            _groups[item.Group] = entries = new Dictionary<string, Item>(StringComparer.Ordinal);
        }

        entries.Add(item.Key, item);
        if (item.ExpiresAt is not null)
        {
            _due.Add(item);
        }
    }

    private void Drop(Item? item)
    {
        if (item is null)
        {
            return;
        }

        _due.Remove(item);
        Dictionary<string, Item> entries = _groups[item.Group];
        entries.Remove(item.Key);
        if (entries.Count == 0)
        {
            _groups.Remove(item.Group);
        }
    }

    private sealed class Item(TGroup group, string key, TValue value, DateTimeOffset? expiresAt, long order)
    {
        public TGroup Group => group;

        public string Key => key;

        public TValue Value { get; set; } = value;

        public DateTimeOffset? ExpiresAt => expiresAt;

        public long Order => order;

        public ExpiringEntry<TGroup, TValue> Copy() => new(group, key, Value, expiresAt);
    }
}

/// <summary>A live entry, as of one instant.</summary>
/// <typeparam name="TGroup">What names a group.</typeparam>
/// <param name="ExpiresAt">The instant from which no read sees it any more; <see langword="null"/> never.</param>
internal readonly record struct ExpiringEntry<TGroup, TValue>(TGroup Group, string Key, TValue Value, DateTimeOffset? ExpiresAt);
