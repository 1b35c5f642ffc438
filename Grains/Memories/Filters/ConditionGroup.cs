namespace OrleansMemory.Grains.Memories.Filters;

/// <summary>Conditions of which all or one must hold.</summary>
/// <param name="conditions">The conditions; at least one.</param>
/// <param name="needsAll">Whether all of them must hold.</param>
internal sealed class ConditionGroup(MetadataCondition[] conditions, bool needsAll) : MetadataCondition
{
    public override bool Accepts(MetadataValues metadata)
    {
        foreach (MetadataCondition condition in conditions)
        {
            if (condition.Accepts(metadata) != needsAll)
            {
                return !needsAll;
            }
        }

        return needsAll;
    }
}
