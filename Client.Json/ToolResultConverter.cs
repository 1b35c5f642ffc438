using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using Microsoft.Extensions.AI;

namespace OrleansMemory.Client.Json;

/// <summary>
/// Writes results of tools, and reads them back as what they were where they are contents: one, or a list of them, such as a text with an
/// image. Any other result comes back as an element.
/// </summary>
/// <remarks>
/// JSON is taken for contents when it is an object, or a list of one or more objects, each of which names a known type of content under
/// <c>$type</c> and has no field that this type lacks.
/// </remarks>
public sealed class ToolResultConverter : JsonConverter<object>
{
    private const string Discriminator = "$type";

    /// <summary>Makes options use it for results, and for nothing else.</summary>
    /// <param name="options">The options, before they are used.</param>
    public static void AddTo(JsonSerializerOptions options) =>
        options.TypeInfoResolver = (options.TypeInfoResolver ?? new DefaultJsonTypeInfoResolver()).WithAddedModifier(static type =>
        {
            if (!typeof(FunctionResultContent).IsAssignableFrom(type.Type))
            {
                return;
            }

            foreach (
                JsonPropertyInfo property in type.Properties.Where(property =>
                    property.PropertyType == typeof(object) && property.Get is not null
                )
            )
            {
                property.CustomConverter = new ToolResultConverter();
            }
        });

    /// <inheritdoc />
    public override object Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        JsonElement element = JsonElement.ParseValue(ref reader);
        JsonElement[] items = element.ValueKind == JsonValueKind.Array ? [.. element.EnumerateArray()] : [element];
        var known = (JsonTypeInfo<AIContent>)options.GetTypeInfo(typeof(AIContent));
        if (items.Length == 0 || !Array.TrueForAll(items, item => IsContent(item, known)))
        {
            return element;
        }

        try
        {
            List<AIContent> contents = [.. items.Select(item => item.Deserialize(known)!)];
            return element.ValueKind == JsonValueKind.Array ? contents : contents[0];
        }
        catch (Exception failure) when (failure is JsonException or NotSupportedException or ArgumentException or FormatException)
        {
            // It only looks like contents.
            return element;
        }
    }

    /// <inheritdoc />
    public override void Write(Utf8JsonWriter writer, object value, JsonSerializerOptions options)
    {
        switch (value)
        {
            case AIContent content:
                JsonSerializer.Serialize(writer, content, (JsonTypeInfo<AIContent>)options.GetTypeInfo(typeof(AIContent)));
                break;
            case IEnumerable<AIContent> contents:
                JsonSerializer.Serialize(
                    writer,
                    [.. contents],
                    (JsonTypeInfo<IList<AIContent>>)options.GetTypeInfo(typeof(IList<AIContent>))
                );
                break;
            default:
                JsonSerializer.Serialize(writer, value, options.GetTypeInfo(value.GetType()));
                break;
        }
    }

    private static bool IsContent(JsonElement item, JsonTypeInfo<AIContent> known)
    {
        if (
            item.ValueKind != JsonValueKind.Object
            || !JsonText.TryGetProperty(item, Discriminator, out JsonElement name)
            || name.ValueKind != JsonValueKind.String
            || TypeOf(JsonText.Read(name), known) is not { } type
        )
        {
            return false;
        }

        IList<JsonPropertyInfo> fields = known.Options.GetTypeInfo(type).Properties;
        return item.EnumerateObject()
            .All(field => JsonText.IsNamed(field, Discriminator) || fields.Any(property => JsonText.IsNamed(field, property.Name)));
    }

    private static Type? TypeOf(string name, JsonTypeInfo<AIContent> known)
    {
        foreach (JsonDerivedType derived in known.PolymorphismOptions?.DerivedTypes ?? [])
        {
            if (derived.TypeDiscriminator is string discriminator && string.Equals(discriminator, name, StringComparison.Ordinal))
            {
                return derived.DerivedType;
            }
        }

        return null;
    }
}
