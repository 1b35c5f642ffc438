using System.Collections.Immutable;
using System.Text.Json;
using OrleansMemory.Grains.Storage;
using OrleansMemory.Memories;

namespace OrleansMemory.Grains.Memories;

/// <summary>A memory that a scope holds for recall.</summary>
/// <param name="stored">The memory.</param>
internal sealed class HeldMemory(StoredFact stored)
{
    // As deep as what was stored.
    private static readonly JsonSerializerOptions Deep = new() { MaxDepth = 1_000 };

    private ImmutableArray<string> _labels;
    private JsonElement? _metadata;

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

    /// <summary>Its metadata, read when they are asked for first; not an object when it has none.</summary>
    public JsonElement Metadata => _metadata ??= stored.Fact.Metadata is { } metadata ? JsonSerializer.Deserialize<JsonElement>(metadata, Deep) : default;

    private static long BytesOf(MemoryFact fact) => sizeof(char) * ((long)fact.Text.Length + (fact.Caption?.Length ?? 0) + (fact.Metadata?.Length ?? 0));
}
