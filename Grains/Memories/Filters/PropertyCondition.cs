using System.Text.Json;
using OrleansMemory.Memories;

namespace OrleansMemory.Grains.Memories.Filters;

/// <summary>A condition on one property.</summary>
/// <param name="name">The property.</param>
/// <param name="comparison">How it is compared.</param>
/// <param name="values">With what; one for a range.</param>
internal sealed class PropertyCondition(string name, MetadataComparison comparison, PlainValue[] values) : MetadataCondition
{
    public override bool Accepts(JsonElement metadata)
    {
        PlainValue[] found = metadata.ValueKind == JsonValueKind.Object && metadata.TryGetProperty(name, out JsonElement property) ? ValuesOf(property) : [];
        return comparison switch
        {
            MetadataComparison.HasAny => Array.Exists(values, value => Array.Exists(found, value.IsSame)),
            MetadataComparison.HasAll => Array.TrueForAll(values, value => Array.Exists(found, value.IsSame)),
            MetadataComparison.HasNone => !Array.Exists(values, value => Array.Exists(found, value.IsSame)),
            _ => Array.Exists(found, IsInRange),
        };
    }

    private bool IsInRange(PlainValue found) => found.CompareTo(values[0]) is { } order && comparison switch
    {
        MetadataComparison.AtLeast => order >= 0,
        MetadataComparison.Above => order > 0,
        MetadataComparison.AtMost => order <= 0,
        _ => order < 0,
    };

    private static PlainValue[] ValuesOf(JsonElement property) => property.ValueKind == JsonValueKind.Array
        ? [.. property.EnumerateArray().Select(PlainValue.Read).OfType<PlainValue>()]
        : PlainValue.Read(property) is { } value ? [value] : [];
}
