namespace OrleansMemory.Client.AgentFramework;

/// <summary>Where a <see cref="LongTermMemoryProvider"/> puts memories that it gives as context.</summary>
public enum LongTermMemoryChannel
{
    /// <summary>In one message of the user, behind the input. A model trusts it no more than what users say.</summary>
    Message = 0,

    /// <summary>In the instructions, behind the agent's own.</summary>
    Instructions = 1,
}
