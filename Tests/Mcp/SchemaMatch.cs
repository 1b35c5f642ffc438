using System.Text.Json;
using Xunit;

namespace OrleansMemory.Tests.Mcp;

/// <summary>
/// Compares data with a JSON schema, as far as our schemas go: types, properties, items, what is required, one of several.
/// </summary>
internal static class SchemaMatch
{
    public static void Demand(JsonElement value, JsonElement schema) =>
        Assert.True(Fault(value, schema, "$") is null, $"{Fault(value, schema, "$")}: {value.GetRawText()}");

    private static string? Fault(JsonElement value, JsonElement schema, string path)
    {
        if (schema.TryGetProperty("type", out JsonElement type) && !TypesOf(type).Any(name => IsOf(value, name)))
        {
            return $"{path} is no {type.GetRawText()}";
        }

        if (schema.TryGetProperty("anyOf", out JsonElement any) && any.EnumerateArray().All(one => Fault(value, one, path) is not null))
        {
            return $"{path} is none of {any.GetRawText()}";
        }

        return value.ValueKind switch
        {
            JsonValueKind.Object => OfObject(value, schema, path),
            JsonValueKind.Array when schema.TryGetProperty("items", out JsonElement items) => value
                .EnumerateArray()
                .Select((item, i) => Fault(item, items, $"{path}[{i}]"))
                .FirstOrDefault(fault => fault is not null),
            _ => null,
        };
    }

    private static string? OfObject(JsonElement value, JsonElement schema, string path)
    {
        if (
            schema.TryGetProperty("required", out JsonElement required)
            && required.EnumerateArray().FirstOrDefault(name => !value.TryGetProperty(name.GetString()!, out _))
                is { ValueKind: JsonValueKind.String } missing
        )
        {
            return $"{path} lacks {missing.GetString()}";
        }

        if (!schema.TryGetProperty("properties", out JsonElement properties))
        {
            return null;
        }

        foreach (JsonProperty property in value.EnumerateObject())
        {
            bool isKnown = properties.TryGetProperty(property.Name, out JsonElement known);
            if (!isKnown && !path.EndsWith(".error", StringComparison.Ordinal))
            {
                return $"{path}.{property.Name} is not in the schema";
            }

            if (isKnown && Fault(property.Value, known, $"{path}.{property.Name}") is { } fault)
            {
                return fault;
            }
        }

        return null;
    }

    private static IEnumerable<string> TypesOf(JsonElement type) =>
        type.ValueKind == JsonValueKind.Array ? type.EnumerateArray().Select(one => one.GetString()!) : [type.GetString()!];

    private static bool IsOf(JsonElement value, string type) =>
        type switch
        {
            "object" => value.ValueKind == JsonValueKind.Object,
            "array" => value.ValueKind == JsonValueKind.Array,
            "string" => value.ValueKind == JsonValueKind.String,
            "boolean" => value.ValueKind is JsonValueKind.True or JsonValueKind.False,
            "integer" => value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out _),
            "number" => value.ValueKind == JsonValueKind.Number,
            "null" => value.ValueKind == JsonValueKind.Null,
            _ => false,
        };
}
