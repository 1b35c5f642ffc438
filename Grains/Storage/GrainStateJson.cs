using System.Text.Json;
using System.Text.Json.Serialization;

namespace OrleansMemory.Grains.Storage;

/// <summary>Grain states as they are stored: JSON in UTF-8. A property that is not known is left out, one that is missing keeps its default.</summary>
internal static class GrainStateJson
{
    private static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web)
    {
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    };

    /// <summary>Writes a state.</summary>
    /// <typeparam name="T">The state.</typeparam>
    /// <param name="state">The state.</param>
    /// <returns>The JSON.</returns>
    public static byte[] Write<T>(T? state) => JsonSerializer.SerializeToUtf8Bytes(state, Options);

    /// <summary>Reads a state.</summary>
    /// <typeparam name="T">The state.</typeparam>
    /// <param name="json">The JSON.</param>
    /// <returns>The state.</returns>
    public static T? Read<T>(ReadOnlySpan<byte> json) => JsonSerializer.Deserialize<T>(json, Options);
}
