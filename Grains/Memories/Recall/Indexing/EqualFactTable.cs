using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using OrleansMemory.Grains.Text;

namespace OrleansMemory.Grains.Memories.Recall.Indexing;

/// <summary>Which facts of an index say the same. Case, punctuation and spaces do not matter; every word does, stop words too.</summary>
/// <param name="entries">The memories.</param>
internal sealed class EqualFactTable(MemoryEntries entries)
{
    // The group, its list and its place in the dictionary.
    private const long GroupBytes = 140;

    private readonly Dictionary<UInt128, EqualFacts> _groups = [];

    /// <summary>About how many bytes it holds.</summary>
    public long EstimatedBytes => GroupBytes * _groups.Count;

    /// <summary>Adds a fact.</summary>
    /// <param name="slot">The fact.</param>
    /// <param name="document">What it is.</param>
    /// <param name="text">The tokens of its text.</param>
    /// <param name="caption">Those of its caption.</param>
    public void Add(int slot, RecallDocument document, List<Token> text, List<Token> caption)
    {
        if (document.Kind != RecallKind.Fact || text.Count + caption.Count is 0 or >= RecallIndex.MaxDocumentTokens)
        {
            return;
        }

        UInt128 key = KeyOf(document, text, caption);
        if (!_groups.TryGetValue(key, out EqualFacts? group))
        {
            _groups.Add(key, group = new EqualFacts(key));
        }

        group.Slots.Add(slot);
        entries[slot].Same = group;
    }

    /// <summary>Takes a memory out.</summary>
    /// <param name="slot">The memory; before its slot is freed.</param>
    public void Remove(int slot)
    {
        if (entries[slot].Same is { } group)
        {
            group.Slots.Remove(slot);
            if (group.Slots.Count == 0)
            {
                _groups.Remove(group.Key);
            }
        }
    }

    private static UInt128 KeyOf(RecallDocument document, List<Token> text, List<Token> caption)
    {
        var said = new StringBuilder();
        foreach (string? part in (string?[])[document.Owner, document.Speaker])
        {
            said.Append(part?.Length ?? -1).Append(':').Append(part);
        }

        said.AppendJoin(' ', text.Select(token => token.Text)).Append('\n').AppendJoin(' ', caption.Select(token => token.Text));
        return BinaryPrimitives.ReadUInt128LittleEndian(SHA256.HashData(Encoding.UTF8.GetBytes(said.ToString())));
    }
}

/// <summary>Facts of one owner that say the same with the same words. Of these a recall gives the newest one.</summary>
/// <param name="key">What they have in common.</param>
internal sealed class EqualFacts(UInt128 key)
{
    /// <summary>What they have in common.</summary>
    public UInt128 Key => key;

    /// <summary>The facts, in no order.</summary>
    public List<int> Slots { get; } = new(1);
}
