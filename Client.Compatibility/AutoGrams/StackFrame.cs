using System.Text.Json;
using OrleansMemory.Client.Errors;

namespace OrleansMemory.Client.Compatibility.AutoGrams;

/// <summary>Where a function of a program stands, and with which local variables.</summary>
/// <remarks>
/// Locals are kept as they are given until the memory is serialized or committed. Then each must be null, text, a truth value, a number of
/// any kind (NaN and infinities, which JSON lacks, are an <see cref="UnserializableValueException"/>), a character, a date, a time, a
/// duration, an enumeration's value, an id, an address, bytes, a <see cref="JsonElement"/>, an array, a list, a set or a map of those, or
/// of a type that <see cref="MemoryObjectOptions.SerializerOptions"/> knows. What comes back is a <see cref="JsonElement"/>, never a type
/// that the data names: read it with <see cref="Local{T}"/>.
/// </remarks>
public sealed record StackFrame
{
    /// <summary>The line at which the function stands.</summary>
    public required int LineNumber { get; init; }

    /// <summary>The function.</summary>
    public required string FunctionName { get; init; }

    /// <summary>Its local variables by name.</summary>
    /// <value>Default: none.</value>
    public IReadOnlyDictionary<string, object?> Locals { get; init; } = new Dictionary<string, object?>(StringComparer.Ordinal);

    /// <summary>
    /// The label of the line, by which the function is found again when its code has changed; <see langword="null"/> without one.
    /// </summary>
    public string? Address { get; init; }

    /// <summary>The options that know the types of locals.</summary>
    internal JsonSerializerOptions Options { get; init; } = ProgramJson.DefaultOptions;

    /// <summary>A local variable, also after a round trip through JSON.</summary>
    /// <typeparam name="T">Its type; the serializer options must know it.</typeparam>
    /// <param name="name">Its name.</param>
    /// <returns>Its value.</returns>
    /// <exception cref="KeyNotFoundException">The function has no such local.</exception>
    /// <exception cref="UnserializableValueException">The value is of another type.</exception>
    public T? Local<T>(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        return Locals.TryGetValue(name, out object? value)
            ? ProgramJson.Read<T>(value, "locals." + name, Options)
            : throw new KeyNotFoundException("The function has no local of this name.");
    }
}
