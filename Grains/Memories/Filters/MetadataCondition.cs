namespace OrleansMemory.Grains.Memories.Filters;

/// <summary>A checked condition on metadata.</summary>
internal abstract class MetadataCondition
{
    /// <summary>Whether metadata meet it.</summary>
    /// <returns>Whether they do.</returns>
    public abstract bool Accepts(MetadataValues metadata);
}
