using OrleansMemory.Errors;

namespace OrleansMemory.Client.Agents.Errors;

/// <summary>A run does not fit its agent, its thread or the service that answered. Nothing of it was stored.</summary>
public sealed class AgentExecutionException : MemoryException
{
    /// <summary>Makes the error.</summary>
    /// <param name="message">What was wrong, and what would be right.</param>
    public AgentExecutionException(string message)
        : base(message)
    {
    }
}
