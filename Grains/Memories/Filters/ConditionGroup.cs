using System.Text.Json;

namespace OrleansMemory.Grains.Memories.Filters;

/// <summary>Conditions of which all or one must hold.</summary>
/// <param name="conditions">The conditions; at least one.</param>
/// <param name="needsAll">Whether all of them must hold.</param>
internal sealed class ConditionGroup(MetadataCondition[] conditions, bool needsAll) : MetadataCondition
{
    public override bool Accepts(JsonElement metadata) =>
        needsAll ? Array.TrueForAll(conditions, condition => condition.Accepts(metadata)) : Array.Exists(conditions, condition => condition.Accepts(metadata));
}
