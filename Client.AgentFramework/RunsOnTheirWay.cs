using OrleansMemory.Client.Runs;

namespace OrleansMemory.Client.AgentFramework;

/// <summary>The runs of agents that are on their way in this process, by conversation and turn id.</summary>
internal sealed class RunsOnTheirWay
{
    /// <summary>Lets one run of each name be on its way; the others wait for what it gives.</summary>
    public KeyedLocks Locks { get; } = new();
}
