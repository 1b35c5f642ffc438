using OrleansMemory.Errors;

namespace OrleansMemory.Client.Agents.Errors;

/// <summary>An agent cannot be made of what it was given.</summary>
public sealed class AgentInitializationException : MemoryException
{
    /// <summary>Makes the error.</summary>
    /// <param name="message">What was wrong, and what would be right.</param>
    public AgentInitializationException(string message)
        : base(message)
    {
    }
}
