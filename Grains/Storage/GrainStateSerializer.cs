using System.Text.Json;
using System.Text.Json.Serialization;
using Orleans.Storage;

namespace OrleansMemory.Grains.Storage;

/// <summary>
/// Writes grain states as JSON in UTF-8, whatever serializer the silo has otherwise: states outlive the build that wrote them. A property
/// that is not known is left out, one that is missing keeps its default.
/// </summary>
internal sealed class GrainStateSerializer : IGrainStorageSerializer
{
    private static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web)
    {
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    };

    public BinaryData Serialize<T>(T? input) => new(JsonSerializer.SerializeToUtf8Bytes(input, Options));

    public T? Deserialize<T>(BinaryData input) => JsonSerializer.Deserialize<T>(input.ToMemory().Span, Options);
}
