using OrleansMemory.Errors;

namespace OrleansMemory.Client.Errors;

/// <summary>
/// A value of a program's memory cannot be written as JSON, or cannot be read as the type that was asked for. Nothing was written.
/// </summary>
public sealed class UnserializableValueException : MemoryException
{
    /// <summary>Makes the error.</summary>
    /// <param name="path">The value, as a path such as <c>stack[2].locals.connection</c>.</param>
    /// <param name="innerException">What the serializer said, if anything.</param>
    public UnserializableValueException(string path, Exception? innerException = null)
        : base(
            $"{path} cannot be serialized. Make it a JSON value, register its type with the serializer options, or keep it outside of the "
                + "program's locals.",
            innerException
        ) => Path = path;

    /// <summary>The value, as a path.</summary>
    public string Path { get; }
}
