using System.Text.Json;
using System.Text.Json.Serialization;

namespace OrleansMemory.Client.Json;

/// <summary>
/// Reads maps of free names (tool arguments, extra properties) with their names as they were; the serializer itself reads names its own
/// way.
/// </summary>
/// <typeparam name="TMap">The type of the property.</typeparam>
/// <typeparam name="TMade">What is made for it.</typeparam>
public sealed class ExactMapConverter<TMap, TMade> : JsonConverter<TMap>
    where TMap : IDictionary<string, object?>
    where TMade : TMap, new()
{
    /// <inheritdoc />
    public override TMap Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        var map = new TMade();
        JsonElement element = JsonElement.ParseValue(ref reader);
        if (element.ValueKind != JsonValueKind.Object)
        {
            throw new JsonException();
        }

        foreach (JsonProperty property in element.EnumerateObject())
        {
            map[JsonText.ReadName(property)] = property.Value.ValueKind == JsonValueKind.Null ? null : property.Value;
        }

        return map;
    }

    /// <inheritdoc />
    public override void Write(Utf8JsonWriter writer, TMap value, JsonSerializerOptions options)
    {
        writer.WriteStartObject();
        foreach ((string name, object? item) in value)
        {
            writer.WritePropertyName(name);
            if (item is null)
            {
                writer.WriteNullValue();
            }
            else
            {
                JsonSerializer.Serialize(writer, item, options.GetTypeInfo(item.GetType()));
            }
        }

        writer.WriteEndObject();
    }
}
