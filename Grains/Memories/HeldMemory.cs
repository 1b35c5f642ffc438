using System.Collections.Immutable;
using OrleansMemory.Grains.Memories.Filters;
using OrleansMemory.Grains.Storage;
using OrleansMemory.Memories;

namespace OrleansMemory.Grains.Memories;

/// <summary>A memory that a scope holds for recall.</summary>
/// <param name="stored">The memory.</param>
internal sealed class HeldMemory(StoredFact stored)
{
    private ImmutableArray<string> _labels;
    private MetadataValues? _metadata;

    public StoredFact Stored => stored;

    public MemoryFact Fact => stored.Fact;

    /// <summary>About how many bytes its texts take.</summary>
    public long Bytes { get; } = BytesOf(stored.Fact);

    /// <summary>What it is filtered by; made when it is asked for first.</summary>
    public ImmutableArray<string> Labels
    {
        get
        {
            if (_labels.IsDefault)
            {
                _labels = MetadataLabels.Of(stored.Fact.Metadata);
            }

            return _labels;
        }
    }

    /// <summary>Its metadata as filters compare them, read when they are asked for first.</summary>
    public MetadataValues Metadata => _metadata ??= MetadataValues.Read(stored.Fact.Metadata);

    private static long BytesOf(MemoryFact fact) =>
        sizeof(char) * ((long)fact.Text.Length + (fact.Caption?.Length ?? 0) + (fact.Metadata?.Length ?? 0));
}
