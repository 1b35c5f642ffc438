using System.Text.Json;
using OrleansMemory.Client.Json;

namespace OrleansMemory.Silo.OpenAi;

/// <summary>Reads fields of JSON that may be of any shape.</summary>
internal static class JsonFields
{
    /// <summary>A field.</summary>
    /// <param name="parent">What may be an object.</param>
    /// <param name="name">The field's name, in ASCII.</param>
    /// <returns>Its value; <see langword="null"/> when there is none, or it is JSON null.</returns>
    public static JsonElement? Find(JsonElement parent, string name) =>
        parent.ValueKind == JsonValueKind.Object
        && JsonText.TryGetProperty(parent, name, out JsonElement value)
        && value.ValueKind != JsonValueKind.Null
            ? value
            : null;

    /// <summary>A text.</summary>
    /// <param name="parent">What may be an object.</param>
    /// <param name="name">The field's name, in ASCII.</param>
    /// <returns>The text; <see langword="null"/> when there is none.</returns>
    public static string? Text(JsonElement parent, string name) =>
        Find(parent, name) is { ValueKind: JsonValueKind.String } text ? JsonText.Read(text) : null;

    /// <summary>The elements of a list.</summary>
    /// <param name="parent">What may be an object.</param>
    /// <param name="name">The field's name, in ASCII.</param>
    /// <returns>The elements; none when there is no list.</returns>
    public static IEnumerable<JsonElement> Items(JsonElement parent, string name) =>
        Find(parent, name) is { ValueKind: JsonValueKind.Array } list ? list.EnumerateArray() : [];
}
