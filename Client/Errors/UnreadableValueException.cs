using OrleansMemory.Errors;

namespace OrleansMemory.Client.Errors;

/// <summary>A stored value is not of the type that was asked for. It is still there; ask for the type that it was stored as.</summary>
public sealed class UnreadableValueException : MemoryException
{
    /// <summary>Makes the error. It holds neither the value nor its key.</summary>
    /// <param name="requested">The type that was asked for.</param>
    public UnreadableValueException(Type requested)
        : base($"The stored value cannot be read as {requested?.Name}. Ask for the type that it was stored as, or for JsonElement.") =>
        Requested = requested!;

    /// <summary>The type that was asked for.</summary>
    public Type Requested { get; }
}
