namespace OrleansMemory.Errors;

/// <summary>What every error of the conversation memory derives from. Messages never hold content, keys or secrets.</summary>
[GenerateSerializer, Alias("OrleansMemory.MemoryException")]
public abstract class MemoryException : Exception
{
    /// <summary>Makes the error.</summary>
    /// <param name="message">What was wrong, and what would be right.</param>
    /// <param name="innerException">What caused it, if anything.</param>
    protected MemoryException(string message, Exception? innerException = null)
        : base(message, innerException) { }
}
