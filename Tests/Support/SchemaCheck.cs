using System.Globalization;
using System.Text.Json;
using OrleansMemory.Client.Json;

namespace OrleansMemory.Tests.Support;

/// <summary>
/// Says whether a value fits a schema of an OpenAPI document: as much of JSON Schema as ours uses, and an error for anything else.
/// </summary>
internal sealed class SchemaCheck(JsonElement document)
{
    private static readonly string[] Known =
    [
        "type",
        "format",
        "description",
        "properties",
        "required",
        "items",
        "additionalProperties",
        "oneOf",
        "$ref",
        "default",
        "example",
        "pattern",
        "title",
    ];

    /// <summary>Finds the first place where a value does not fit.</summary>
    /// <param name="path">Where the value stands.</param>
    /// <returns>The place and what is wrong there; <see langword="null"/> when it fits.</returns>
    public string? Find(JsonElement value, JsonElement schema, string path = "$")
    {
        if (
            schema.EnumerateObject().FirstOrDefault(member => !Known.Contains(member.Name, StringComparer.Ordinal)) is
            { Value.ValueKind: not JsonValueKind.Undefined } unknown
        )
        {
            throw new NotSupportedException($"{path}: this check does not know {unknown.Name}.");
        }

        if (schema.TryGetProperty("$ref", out JsonElement reference))
        {
            return Find(value, Resolve(reference.GetString()!), path);
        }

        if (schema.TryGetProperty("oneOf", out JsonElement choices))
        {
            string?[] faults = [.. choices.EnumerateArray().Select(choice => Find(value, choice, path))];
            return faults.Count(fault => fault is null) == 1
                ? null
                : $"{path} fits {faults.Count(fault => fault is null)} of the choices: {string.Join("; ", faults)}";
        }

        return FindType(value, schema, path)
            ?? value.ValueKind switch
            {
                JsonValueKind.Object => FindProperty(value, schema, path),
                JsonValueKind.Array when schema.TryGetProperty("items", out JsonElement items) => value
                    .EnumerateArray()
                    .Select((item, index) => Find(item, items, string.Create(CultureInfo.InvariantCulture, $"{path}[{index}]")))
                    .FirstOrDefault(fault => fault is not null),
                _ => null,
            };
    }

    private static string? FindType(JsonElement value, JsonElement schema, string path)
    {
        if (!schema.TryGetProperty("type", out JsonElement type))
        {
            return null;
        }

        string[] types =
            type.ValueKind == JsonValueKind.Array ? [.. type.EnumerateArray().Select(one => one.GetString()!)] : [type.GetString()!];
        string? format = schema.TryGetProperty("format", out JsonElement named) ? named.GetString() : null;
        return Array.Exists(types, one => Is(value, one, format)) ? null : $"{path} is no {string.Join(" or ", types)} {format}";
    }

    private static bool Is(JsonElement value, string type, string? format) =>
        type switch
        {
            "null" => value.ValueKind == JsonValueKind.Null,
            "object" => value.ValueKind == JsonValueKind.Object,
            "array" => value.ValueKind == JsonValueKind.Array,
            "boolean" => value.ValueKind is JsonValueKind.True or JsonValueKind.False,
            "integer" => value.ValueKind == JsonValueKind.Number
                && (format == "int32" ? value.TryGetInt32(out _) : value.TryGetInt64(out _)),
            "number" => value.ValueKind == JsonValueKind.Number,
            "string" => value.ValueKind == JsonValueKind.String && (format != "date-time" || value.TryGetDateTimeOffset(out _)),
            _ => throw new NotSupportedException($"This check does not know the type {type}."),
        };

    private string? FindProperty(JsonElement value, JsonElement schema, string path)
    {
        foreach (JsonElement required in schema.TryGetProperty("required", out JsonElement names) ? names.EnumerateArray() : [])
        {
            if (!JsonText.TryGetProperty(value, required.GetString()!, out _))
            {
                return $"{path}.{required} is missing";
            }
        }

        JsonElement properties = schema.TryGetProperty("properties", out JsonElement known) ? known : default;
        JsonElement? others = schema.TryGetProperty("additionalProperties", out JsonElement additional) ? additional : null;
        foreach (JsonProperty property in value.EnumerateObject())
        {
            string name = JsonText.ReadName(property);
            string? fault =
                properties.ValueKind == JsonValueKind.Object
                && known.EnumerateObject().FirstOrDefault(one => one.Name == name) is { Value.ValueKind: JsonValueKind.Object } one
                    ? Find(property.Value, one.Value, $"{path}.{name}")
                : others is { ValueKind: JsonValueKind.False } ? $"{path} has a property that it must not have"
                : others is { ValueKind: JsonValueKind.Object } rest ? Find(property.Value, rest, $"{path}.*")
                : null;
            if (fault is not null)
            {
                return fault;
            }
        }

        return null;
    }

    private JsonElement Resolve(string reference) =>
        reference.Split('/')[1..].Aggregate(document, static (at, name) => at.GetProperty(name));
}
