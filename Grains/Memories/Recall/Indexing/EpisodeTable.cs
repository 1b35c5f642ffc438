namespace OrleansMemory.Grains.Memories.Recall.Indexing;

/// <summary>The episodes of an index, and who is whose neighbour.</summary>
/// <param name="entries">The memories by slot.</param>
internal sealed class EpisodeTable(MemoryEntries entries)
{
    private readonly Dictionary<string, Episode> _episodes = new(StringComparer.Ordinal);
    private readonly Stack<int> _free = new();
    private int[] _previous = [];
    private int[] _next = [];

    /// <summary>One more than the highest number of an episode.</summary>
    public int Numbers { get; private set; }

    /// <summary>How many episodes have turns.</summary>
    public int Count { get; private set; }

    /// <summary>The length of all turns in episodes.</summary>
    public double TotalLength { get; private set; }

    /// <summary>About how many bytes it holds.</summary>
    public long EstimatedBytes => (8L * _previous.Length) + (200L * _episodes.Count) + (6L * entries.Count);

    /// <summary>The turn before each one; -1 for none.</summary>
    public ReadOnlySpan<int> Previous => _previous;

    /// <summary>The turn after each one; -1 for none.</summary>
    public ReadOnlySpan<int> Next => _next;

    /// <summary>Names the episode of a memory, and puts a turn between its neighbours.</summary>
    /// <param name="slot">The memory, whose entry is complete but for its episode.</param>
    /// <param name="name">What it is part of.</param>
    /// <param name="length">How long it is.</param>
    public void Join(int slot, string? name, double length)
    {
        Grow(slot);
        (_previous[slot], _next[slot]) = (-1, -1);
        ref MemoryEntry entry = ref entries[slot];
        if (name is null)
        {
            return;
        }

        Episode episode = Get(name);
        episode.References++;
        entry.Episode = episode;
        if (entry.Has(MemoryTraits.Turn))
        {
            Insert(episode, slot);
            episode.Length += length;
            TotalLength += length;
        }
    }

    /// <summary>Takes a memory out of its episode.</summary>
    /// <param name="slot">The memory.</param>
    /// <param name="length">How long it is.</param>
    public void Leave(int slot, double length)
    {
        ref MemoryEntry entry = ref entries[slot];
        if (entry.Episode is not { } episode)
        {
            return;
        }

        if (entry.Has(MemoryTraits.Turn))
        {
            episode.Turns.RemoveAt(episode.Turns.BinarySearch(slot, entries));
            Count -= episode.Turns.Count == 0 ? 1 : 0;
            Link(_previous[slot], _next[slot]);
            (_previous[slot], _next[slot]) = (-1, -1);
            episode.Length -= length;
            TotalLength -= length;
        }

        entry.Episode = null;
        if (--episode.References == 0)
        {
            _episodes.Remove(episode.Name);
            _free.Push(episode.Number);
        }
    }

    private void Insert(Episode episode, int slot)
    {
        List<int> turns = episode.Turns;
        Count += turns.Count == 0 ? 1 : 0;
        int at = ~turns.BinarySearch(slot, entries);
        Link(at > 0 ? turns[at - 1] : -1, slot);
        Link(slot, at < turns.Count ? turns[at] : -1);
        turns.Insert(at, slot);
    }

    private void Link(int before, int after)
    {
        if (before >= 0)
        {
            _next[before] = after;
        }

        if (after >= 0)
        {
            _previous[after] = before;
        }
    }

    private Episode Get(string name)
    {
        if (!_episodes.TryGetValue(name, out Episode? episode))
        {
            episode = new Episode(name, _free.TryPop(out int used) ? used : Numbers++);
            _episodes.Add(name, episode);
        }

        return episode;
    }

    private void Grow(int slot)
    {
        if (slot >= _previous.Length)
        {
            Array.Resize(ref _previous, entries.Capacity);
            Array.Resize(ref _next, entries.Capacity);
        }
    }
}

/// <summary>An episode: its turns in order.</summary>
/// <param name="name">What the memories call it.</param>
/// <param name="number">Its number among the episodes of the index.</param>
internal sealed class Episode(string name, int number)
{
    /// <summary>What the memories call it.</summary>
    public string Name => name;

    /// <summary>Its number.</summary>
    public int Number => number;

    /// <summary>The slots of its turns, in order.</summary>
    public List<int> Turns { get; } = [];

    /// <summary>How many memories name it, facts included.</summary>
    public int References { get; set; }

    /// <summary>The length of its turns together.</summary>
    public double Length { get; set; }
}
