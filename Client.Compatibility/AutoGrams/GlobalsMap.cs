using System.Collections.Immutable;
using System.Text.Json;
using OrleansMemory.Conversations;

namespace OrleansMemory.Client.Compatibility.AutoGrams;

/// <summary>
/// Names and JSON values, and what has changed since they were last stored. Every call is whole by itself, from any thread.
/// </summary>
internal sealed class GlobalsMap
{
    private readonly Lock _lock = new();
    private readonly OrderedDictionary<string, JsonElement> _values = new(StringComparer.Ordinal);

    // Names that were set since they were last stored: setting is a write, also of the value that is stored already, for that one may have
    // a time to live.
    private readonly Dictionary<string, long> _set = new(StringComparer.Ordinal);
    private long _sets;
    private ImmutableDictionary<string, string> _stored = ImmutableDictionary.Create<string, string>(StringComparer.Ordinal);

    /// <summary>The names and values, in the order in which the names came.</summary>
    /// <returns>A copy.</returns>
    public IReadOnlyList<KeyValuePair<string, JsonElement>> Items()
    {
        lock (_lock)
        {
            return [.. _values];
        }
    }

    /// <summary>Finds a value.</summary>
    public bool TryGet(string name, out JsonElement value)
    {
        lock (_lock)
        {
            return _values.TryGetValue(name, out value);
        }
    }

    /// <summary>Sets a value.</summary>
    public void Set(string name, JsonElement value)
    {
        lock (_lock)
        {
            _values[name] = value;
            _set[name] = ++_sets;
        }
    }

    /// <summary>Removes a value.</summary>
    public bool Remove(string name)
    {
        lock (_lock)
        {
            _set.Remove(name);
            return _values.Remove(name);
        }
    }

    /// <summary>Removes all values.</summary>
    public void Clear()
    {
        lock (_lock)
        {
            _values.Clear();
            _set.Clear();
        }
    }

    /// <summary>Takes the stored entries, and defaults for names that are not among them.</summary>
    public void Load(IEnumerable<Entry> entries, IEnumerable<KeyValuePair<string, JsonElement>> defaults)
    {
        lock (_lock)
        {
            ImmutableDictionary<string, string>.Builder stored = _stored.ToBuilder();
            foreach (Entry entry in entries)
            {
                stored[entry.Key] = entry.Value;
                _values[entry.Key] = JsonElement.Parse(entry.Value);
            }

            foreach ((string name, JsonElement value) in defaults)
            {
                _values.TryAdd(name, value);
            }

            _stored = stored.ToImmutable();
        }
    }

    /// <summary>What has to be stored.</summary>
    public GlobalsChanges Changes()
    {
        lock (_lock)
        {
            ImmutableDictionary<string, string> now = _values.ToImmutableDictionary(
                pair => pair.Key,
                pair => pair.Value.GetRawText(),
                StringComparer.Ordinal
            );
            return new GlobalsChanges(
                now,
                [
                    .. _values
                        .Keys.Where(name => _set.ContainsKey(name) || !_stored.TryGetValue(name, out string? old) || old != now[name])
                        .Select(name => new EntryWrite
                        {
                            Space = EntrySpaces.Globals,
                            Key = name,
                            Value = now[name],
                        }),
                ],
                [
                    .. _stored
                        .Keys.Where(name => !now.ContainsKey(name))
                        .Order(StringComparer.Ordinal)
                        .Select(name => new EntryDelete { Space = EntrySpaces.Globals, Key = name }),
                ],
                _sets
            );
        }
    }

    /// <summary>Notes that changes are stored.</summary>
    public void Apply(GlobalsChanges changes)
    {
        lock (_lock)
        {
            _stored = changes.Stored;
            foreach (string name in _set.Where(set => set.Value <= changes.Sets).Select(set => set.Key).ToArray())
            {
                _set.Remove(name);
            }
        }
    }
}

/// <summary>Globals to store.</summary>
/// <param name="Stored">What is stored afterwards.</param>
/// <param name="Deletes">Those to remove.</param>
/// <param name="Sets">How many times a value had been set by then.</param>
internal sealed record GlobalsChanges(
    ImmutableDictionary<string, string> Stored,
    ImmutableArray<EntryWrite> Writes,
    ImmutableArray<EntryDelete> Deletes,
    long Sets
);
