using OrleansMemory.Errors;

namespace OrleansMemory.Client.Errors;

/// <summary>Messages were dropped from a conversation while it was exported. What has been written is not a whole export.</summary>
public sealed class ConversationChangedException : MemoryException
{
    /// <summary>Makes the error.</summary>
    /// <param name="missingSequence">The first sequence that was to be exported and is no longer there.</param>
    public ConversationChangedException(long missingSequence)
        : base(
            FormattableString.Invariant(
                $"The conversation was truncated while it was exported: sequence {missingSequence} is gone. Export it again."
            )
        ) => MissingSequence = missingSequence;

    /// <summary>The first sequence that was to be exported and is no longer there.</summary>
    public long MissingSequence { get; }
}
