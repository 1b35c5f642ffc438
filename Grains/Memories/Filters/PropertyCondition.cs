using OrleansMemory.Memories;

namespace OrleansMemory.Grains.Memories.Filters;

/// <summary>A condition on one property.</summary>
/// <param name="comparison">How it is compared.</param>
/// <param name="values">With what; one for a range.</param>
internal sealed class PropertyCondition(string name, MetadataComparison comparison, PlainValue[] values) : MetadataCondition
{
    public override bool Accepts(MetadataValues metadata)
    {
        ReadOnlySpan<PlainValue> found = metadata.Of(name);
        return comparison switch
        {
            MetadataComparison.HasAny => CountIn(found, most: 1) == 1,
            MetadataComparison.HasAll => CountIn(found, most: values.Length) == values.Length,
            MetadataComparison.HasNone => CountIn(found, most: 1) == 0,
            _ => AnyInRange(found),
        };
    }

    private static bool Contains(ReadOnlySpan<PlainValue> found, PlainValue value)
    {
        foreach (PlainValue one in found)
        {
            if (value.IsSame(one))
            {
                return true;
            }
        }

        return false;
    }

    private int CountIn(ReadOnlySpan<PlainValue> found, int most)
    {
        int count = 0;
        for (int i = 0; i < values.Length && count < most && !found.IsEmpty; i++)
        {
            count += Contains(found, values[i]) ? 1 : 0;
        }

        return count;
    }

    private bool AnyInRange(ReadOnlySpan<PlainValue> found)
    {
        foreach (PlainValue one in found)
        {
            if (one.CompareTo(values[0]) is { } order && IsInRange(order))
            {
                return true;
            }
        }

        return false;
    }

    private bool IsInRange(int order) =>
        comparison switch
        {
            MetadataComparison.AtLeast => order >= 0,
            MetadataComparison.Above => order > 0,
            MetadataComparison.AtMost => order <= 0,
            _ => order < 0,
        };
}
