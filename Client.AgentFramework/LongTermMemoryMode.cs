namespace OrleansMemory.Client.AgentFramework;

/// <summary>How a <see cref="LongTermMemoryProvider"/> brings memories to a model.</summary>
[Flags]
public enum LongTermMemoryMode
{
    /// <summary>It only records.</summary>
    None = 0,

    /// <summary>Each run is given the memories that belong to its input.</summary>
    Context = 1,

    /// <summary>The model looks for memories, and saves facts, by tools.</summary>
    Tools = 2,
}
