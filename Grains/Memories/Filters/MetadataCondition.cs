using System.Text.Json;

namespace OrleansMemory.Grains.Memories.Filters;

/// <summary>A checked condition on metadata.</summary>
internal abstract class MetadataCondition
{
    /// <summary>Whether metadata meet it.</summary>
    /// <param name="metadata">The metadata; not an object when there are none.</param>
    /// <returns>Whether they do.</returns>
    public abstract bool Accepts(JsonElement metadata);
}
