using OrleansMemory.Errors;

namespace OrleansMemory.Client.Compatibility.AutoGrams;

/// <summary>How a <see cref="MemoryObject"/> is serialized. Every mode can be read again.</summary>
public enum SerializationMode
{
    /// <summary>The memory without configuration and root function, as one opaque text. The default.</summary>
    Partial = 0,

    /// <summary>The memory with configuration, root function and the modes it runs in, as one opaque text.</summary>
    Full = 1,

    /// <summary>The bare memory as JSON, with the field names of AutoGRAMS.</summary>
    Json = 2,
}

/// <summary>The names of the modes, as AutoGRAMS has them.</summary>
public static class SerializationModes
{
    private const string Known = "A serialization type is partial, full or json.";

    /// <summary>The mode of a name.</summary>
    /// <param name="name"><c>partial</c>, <c>full</c> or <c>json</c>; <see langword="null"/> is <c>partial</c>.</param>
    /// <param name="parameter">What to name in the error.</param>
    /// <returns>The mode.</returns>
    /// <exception cref="InvalidRequestException">No mode has this name.</exception>
    public static SerializationMode Parse(string? name, string parameter = "serializationType") =>
        name switch
        {
            null or "partial" => SerializationMode.Partial,
            "full" => SerializationMode.Full,
            "json" => SerializationMode.Json,
            _ => throw new InvalidRequestException(parameter, Known),
        };

    /// <summary>The name of a mode.</summary>
    /// <param name="mode">The mode.</param>
    /// <returns>Its name.</returns>
    /// <exception cref="InvalidRequestException">There is no such mode.</exception>
    public static string NameOf(SerializationMode mode) =>
        mode switch
        {
            SerializationMode.Partial => "partial",
            SerializationMode.Full => "full",
            SerializationMode.Json => "json",
            _ => throw new InvalidRequestException("serializationType", Known),
        };
}
