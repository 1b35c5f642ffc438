namespace OrleansMemory.Grains.Memories.Vectors;

/// <summary>
/// Keeps the vectors of questions that were asked lately: so many, so long; the one that was not asked for longest goes first.
/// </summary>
/// <param name="size">How many.</param>
/// <param name="time">How long.</param>
/// <param name="timeProvider">The clock.</param>
internal sealed class QueryVectorCache(int size, TimeSpan time, TimeProvider timeProvider)
{
    private readonly Lock _lock = new();
    private readonly LinkedList<Entry> _newestFirst = new();
    private readonly Dictionary<string, LinkedListNode<Entry>> _entries = new(StringComparer.Ordinal);

    /// <summary>Looks a question up.</summary>
    /// <param name="text">The question.</param>
    /// <returns>Its vector; an empty one when it is not kept.</returns>
    public ReadOnlyMemory<float> Find(string text)
    {
        lock (_lock)
        {
            if (!_entries.TryGetValue(text, out LinkedListNode<Entry>? node))
            {
                return default;
            }

            _newestFirst.Remove(node);
            if (timeProvider.GetElapsedTime(node.Value.Since) >= time)
            {
                _entries.Remove(text);
                return default;
            }

            _newestFirst.AddFirst(node);
            return node.Value.Vector;
        }
    }

    /// <summary>Keeps a question's vector.</summary>
    /// <param name="text">The question.</param>
    /// <param name="vector">Its vector.</param>
    public void Keep(string text, ReadOnlyMemory<float> vector)
    {
        if (size == 0)
        {
            return;
        }

        lock (_lock)
        {
            if (_entries.Remove(text, out LinkedListNode<Entry>? before))
            {
                _newestFirst.Remove(before);
            }
            else if (_entries.Count == size)
            {
                _entries.Remove(_newestFirst.Last!.Value.Text);
                _newestFirst.RemoveLast();
            }

            _entries.Add(text, _newestFirst.AddFirst(new Entry(text, vector, timeProvider.GetTimestamp())));
        }
    }

    private sealed record Entry(string Text, ReadOnlyMemory<float> Vector, long Since);
}
