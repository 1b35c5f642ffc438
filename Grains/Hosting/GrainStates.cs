namespace OrleansMemory.Grains.Hosting;

/// <summary>The storage of our grains' states.</summary>
internal static class GrainStates
{
    /// <summary>The name under which it is registered.</summary>
    public const string Storage = "orleans-memory";

    /// <summary>To whom states belong where nobody says otherwise. It is the default of a cluster, so that a cluster finds what the embedded host has stored.</summary>
    public const string DefaultServiceId = "orleans-memory";
}
