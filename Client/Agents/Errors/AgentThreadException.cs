using OrleansMemory.Errors;

namespace OrleansMemory.Client.Agents.Errors;

/// <summary>A thread was given what does not go together, or a state that it cannot be made of.</summary>
public sealed class AgentThreadException : MemoryException
{
    /// <summary>Makes the error.</summary>
    /// <param name="message">What was wrong, and what would be right.</param>
    /// <param name="innerException">What caused it, if anything.</param>
    public AgentThreadException(string message, Exception? innerException = null)
        : base(message, innerException)
    {
    }
}
