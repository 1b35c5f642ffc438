using System.Runtime.InteropServices;

namespace OrleansMemory.Grains.Memories.Recall.Indexing;

/// <summary>
/// The memories of an index by slot: small numbers, used again when a memory is gone. It orders slots as their turns follow each other.
/// </summary>
internal sealed class MemoryEntries : IComparer<int>
{
    private readonly Dictionary<string, int> _slots = new(StringComparer.Ordinal);
    private readonly Stack<int> _free = new();
    private MemoryEntry[] _entries = [];
    private long _contentBytes;

    /// <summary>How many memories there are.</summary>
    public int Count => _slots.Count;

    /// <summary>One more than the highest slot that was ever used.</summary>
    public int Slots { get; private set; }

    /// <summary>How many slots there is room for.</summary>
    public int Capacity => _entries.Length;

    /// <summary>About how many bytes it holds.</summary>
    public long EstimatedBytes => (80L * _entries.Length) + (36L * _slots.Count) + _contentBytes;

    /// <summary>The memory in a slot.</summary>
    /// <param name="slot">The slot.</param>
    /// <returns>The memory; without an id when the slot is free.</returns>
    public ref MemoryEntry this[int slot] => ref _entries[slot];

    /// <summary>Finds a memory.</summary>
    /// <param name="id">Its id.</param>
    /// <returns>Its slot; -1 when there is none.</returns>
    public int Find(string id) => _slots.GetValueOrDefault(id, -1);

    /// <summary>Puts a memory into a free slot.</summary>
    /// <param name="entry">The memory.</param>
    /// <returns>Its slot.</returns>
    public int Add(MemoryEntry entry)
    {
        if (!_free.TryPop(out int slot))
        {
            slot = Slots++;
            if (slot == _entries.Length)
            {
                Array.Resize(ref _entries, Math.Max(8, slot + (slot / 2)));
            }
        }

        _entries[slot] = entry;
        _slots.Add(entry.Id, slot);
        _contentBytes += ContentBytes(entry);
        return slot;
    }

    /// <summary>Frees a slot.</summary>
    /// <param name="slot">The slot.</param>
    public void Remove(int slot)
    {
        _contentBytes -= ContentBytes(_entries[slot]);
        _slots.Remove(_entries[slot].Id);
        _entries[slot] = default;
        _free.Push(slot);
    }

    public int Compare(int x, int y)
    {
        int byPosition = _entries[x].Position.CompareTo(_entries[y].Position);
        return byPosition != 0 ? byPosition : string.CompareOrdinal(_entries[x].Id, _entries[y].Id);
    }

    private static long ContentBytes(MemoryEntry entry) => 22 + (2L * entry.Id.Length) + 24 + (4L * entry.Terms.Length);
}

/// <summary>What the index keeps of one memory.</summary>
[StructLayout(LayoutKind.Auto)]
internal struct MemoryEntry
{
    /// <summary>Its identity.</summary>
    public string Id;

    /// <summary>The terms of its text in their order, then those of its caption.</summary>
    public int[] Terms;

    /// <summary>How many of <see cref="Terms"/> are of the text.</summary>
    public int TextTerms;

    /// <summary>What it is part of.</summary>
    public Episode? Episode;

    /// <summary>Where it stands there.</summary>
    public long Position;

    /// <summary>Who said it; <see langword="null"/>: not known.</summary>
    public Speaker? Speaker;

    /// <summary>When it was said, in UTC ticks.</summary>
    public long OccurredTicks;

    /// <summary>The facts that say the same, itself included; <see langword="null"/>: it is no fact.</summary>
    public EqualFacts? Same;

    /// <summary>The language of its text.</summary>
    public TextLanguage Language;

    /// <summary>What else is known of it.</summary>
    public MemoryTraits Traits;

    /// <summary>The UTC date on which it was said, in days.</summary>
    public readonly int Day => (int)(OccurredTicks / TimeSpan.TicksPerDay);

    /// <summary>Whether it has a trait.</summary>
    /// <returns>Whether it has.</returns>
    public readonly bool Has(MemoryTraits trait) => (Traits & trait) != MemoryTraits.None;
}
