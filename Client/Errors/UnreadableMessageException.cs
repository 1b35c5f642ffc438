using OrleansMemory.Errors;

namespace OrleansMemory.Client.Errors;

/// <summary>
/// A stored message cannot be read as a chat message, for instance because its content type is not registered with the client's
/// serializer options. It is still there; the grain returns it as stored.
/// </summary>
public sealed class UnreadableMessageException : MemoryException
{
    /// <summary>Makes the error.</summary>
    /// <param name="sequence">The message.</param>
    /// <param name="innerException">What the serializer said.</param>
    public UnreadableMessageException(long sequence, Exception? innerException = null)
        : base(
            FormattableString.Invariant(
                $"The message at sequence {sequence} has contents that these serializer options cannot read. Register their types."
            ),
            innerException
        ) => Sequence = sequence;

    /// <summary>The message.</summary>
    public long Sequence { get; }
}
