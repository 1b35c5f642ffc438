using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Unicode;

namespace OrleansMemory.Cli.Transfer.Import.Converted;

/// <summary>Reads texts of other programs' JSON, which may have any form.</summary>
internal static class Texts
{
    /// <summary>How long an id or a name may be in a silo, in bytes of UTF-8.</summary>
    public const int MaxNameBytes = 256;

    /// <summary>A field's text.</summary>
    /// <returns>It; <see langword="null"/> when it is absent or no text.</returns>
    public static string? Of(JsonElement from, string field) =>
        Field(from, field) is { ValueKind: JsonValueKind.String } value ? value.GetString() : null;

    /// <summary>A field.</summary>
    /// <returns>It; <see langword="null"/> when it is absent or null.</returns>
    public static JsonElement? Field(JsonElement from, string field) =>
        from.ValueKind == JsonValueKind.Object && from.TryGetProperty(field, out JsonElement value) && value.ValueKind != JsonValueKind.Null
            ? value
            : null;

    /// <summary>The elements of a field that is an array.</summary>
    public static IEnumerable<JsonElement> Items(JsonElement from, string field) =>
        Field(from, field) is { ValueKind: JsonValueKind.Array } items ? items.EnumerateArray() : [];

    /// <summary>A copy of an element.</summary>
    public static JsonNode? Node(JsonElement element) => JsonSerializer.SerializeToNode(element);

    /// <summary>The arguments of a call, which programs write as text: an object of them, or all of it as one.</summary>
    public static Dictionary<string, object?> Arguments(string? text)
    {
        if (string.IsNullOrWhiteSpace(text))
        {
            return [];
        }

        try
        {
            using JsonDocument document = JsonDocument.Parse(text);
            if (document.RootElement.ValueKind == JsonValueKind.Object)
            {
                var arguments = new Dictionary<string, object?>(StringComparer.Ordinal);
                foreach (JsonProperty property in document.RootElement.EnumerateObject())
                {
                    arguments[property.Name] = property.Value.Clone();
                }

                return arguments;
            }
        }
        catch (JsonException)
        {
            // Code, or a text that the tool takes as it is.
        }

        return new Dictionary<string, object?>(StringComparer.Ordinal) { ["input"] = text };
    }

    /// <summary>Cuts a text to a number of bytes of UTF-8, between characters.</summary>
    public static string? Cut(string? text, int maxBytes)
    {
        if (text is null)
        {
            return null;
        }

        // A name of a silo has no U+0000.
        text = text.Replace('\0', '\uFFFD');
        if (Encoding.UTF8.GetByteCount(text) <= maxBytes)
        {
            return text;
        }

        Utf8.FromUtf16(text, new byte[maxBytes], out int length, out _);
        return text[..length];
    }
}
