namespace OrleansMemory.Grains.Conversations;

/// <summary>The pages that were read last for feeds: a page is read once for all readers that stand at the same place.</summary>
/// <remarks>
/// Used on the grain's scheduler. A sequence always has the same message, and readers are told of what was truncated before they ask for a
/// page: so a page stays right while its conversation is loaded, even where the log has grown since.
/// </remarks>
internal sealed class SharedFeedPages
{
    // Readers that are given the end in rounds stand at one place or two; others catch up.
    private const int Kept = 4;

    private readonly List<Entry> _entries = new(Kept);

    /// <summary>Finds a page, or begins to read it.</summary>
    /// <param name="loaded">What the reader is given messages of.</param>
    /// <param name="after">The last sequence that it knows.</param>
    /// <param name="most">The most messages of a page.</param>
    /// <param name="read">Reads the page; <see langword="null"/> where the message that is needed next is not there.</param>
    /// <returns>The page, which is perhaps being read.</returns>
    public Task<FeedPage?> GetAsync(
        LoadedConversation loaded,
        long after,
        int most,
        Func<LoadedConversation, long, int, Task<FeedPage?>> read
    )
    {
        if (_entries.Find(entry => entry.After == after && entry.Most == most && ReferenceEquals(entry.Loaded, loaded)) is { } found)
        {
            return found.Page!;
        }

        // Nothing of an earlier life is kept.
        _entries.RemoveAll(entry => !ReferenceEquals(entry.Loaded, loaded));
        if (_entries.Count == Kept)
        {
            _entries.RemoveAt(0);
        }

        var added = new Entry(loaded, after, most);
        _entries.Add(added);
        return added.Page = ReadAsync(added, read);
    }

    /// <summary>Lets the pages go.</summary>
    public void Clear() => _entries.Clear();

    private async Task<FeedPage?> ReadAsync(Entry entry, Func<LoadedConversation, long, int, Task<FeedPage?>> read)
    {
        FeedPage? page = null;
        try
        {
            return page = await read(entry.Loaded, entry.After, entry.Most);
        }
        finally
        {
            // What was not there or could not be read is asked for again.
            if (page is null)
            {
                _entries.Remove(entry);
            }
        }
    }

    private sealed class Entry(LoadedConversation loaded, long after, int most)
    {
        public LoadedConversation Loaded { get; } = loaded;

        public long After { get; } = after;

        public int Most { get; } = most;

        /// <summary>The page, which is perhaps being read.</summary>
        public Task<FeedPage?>? Page { get; set; }
    }
}
