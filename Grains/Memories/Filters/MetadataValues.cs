using System.Text.Json;

namespace OrleansMemory.Grains.Memories.Filters;

/// <summary>
/// The metadata of one memory as filters compare them: read once, so that a recall that asks thousands of memories parses no JSON.
/// </summary>
internal sealed class MetadataValues
{
    /// <summary>Of a memory without metadata, or with some that are no object.</summary>
    public static readonly MetadataValues None = new([]);

    // As deep as what was stored.
    private static readonly JsonDocumentOptions Deep = new() { MaxDepth = 1_000 };

    // A handful, as a rule: looking through them costs less than a table.
    private readonly KeyValuePair<string, PlainValue[]>[] _properties;

    private MetadataValues(KeyValuePair<string, PlainValue[]>[] properties) => _properties = properties;

    /// <summary>Reads metadata.</summary>
    /// <param name="json">The JSON; <see langword="null"/> for none.</param>
    public static MetadataValues Read(string? json)
    {
        if (json is null)
        {
            return None;
        }

        using JsonDocument document = JsonDocument.Parse(json, Deep);
        if (document.RootElement.ValueKind != JsonValueKind.Object)
        {
            return None;
        }

        // Of two properties of one name the later one counts.
        var properties = new Dictionary<string, PlainValue[]>(StringComparer.Ordinal);
        foreach (JsonProperty property in document.RootElement.EnumerateObject())
        {
            if (NameOf(property) is { } name)
            {
                properties[name] = ValuesOf(property.Value);
            }
        }

        return new MetadataValues([.. properties]);
    }

    /// <summary>The values of a property: the elements of a list, else one.</summary>
    /// <returns>The values; none where there is no such property, or it is an object.</returns>
    public ReadOnlySpan<PlainValue> Of(string name)
    {
        foreach (ref readonly KeyValuePair<string, PlainValue[]> property in _properties.AsSpan())
        {
            if (string.Equals(property.Key, name, StringComparison.Ordinal))
            {
                return property.Value;
            }
        }

        return [];
    }

    // A name with half a character is none that a filter can have.
    private static string? NameOf(JsonProperty property)
    {
        try
        {
            return property.Name;
        }
        catch (InvalidOperationException)
        {
            return null;
        }
    }

    private static PlainValue[] ValuesOf(JsonElement property) =>
        property.ValueKind == JsonValueKind.Array ? [.. property.EnumerateArray().Select(PlainValue.Read).OfType<PlainValue>()]
        : PlainValue.Read(property) is { } value ? [value]
        : [];
}
