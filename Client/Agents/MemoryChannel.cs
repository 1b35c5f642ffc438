namespace OrleansMemory.Client.Agents;

/// <summary>How a <see cref="MemoryContextProvider"/> gives memories to a model.</summary>
public enum MemoryChannel
{
    /// <summary>One message of the user between history and input. A model trusts it no more than what users say.</summary>
    Message = 0,

    /// <summary>Instructions, behind the caller's own.</summary>
    Instructions = 1,
}
