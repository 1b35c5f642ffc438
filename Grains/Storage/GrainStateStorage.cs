namespace OrleansMemory.Grains.Storage;

/// <summary>The storage of our grains' states among Orleans' storage providers.</summary>
internal static class GrainStateStorage
{
    /// <summary>The name under which it is registered.</summary>
    public const string Name = "orleans-memory";
}
