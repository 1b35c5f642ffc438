namespace OrleansMemory.Grains.Memories.Extraction;

/// <summary>The model failed or took too long. What it said about that stays behind: it may quote the prompt.</summary>
/// <param name="errorType">The type of its failure.</param>
internal sealed class ModelFailedException(string errorType) : Exception("The chat client failed: " + errorType)
{
    /// <summary>The type of its failure.</summary>
    public string ErrorType { get; } = errorType;
}
