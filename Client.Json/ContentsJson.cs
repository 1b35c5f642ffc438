using System.Runtime.InteropServices;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Microsoft.Extensions.AI;
using OrleansMemory.Errors;

namespace OrleansMemory.Client.Json;

/// <summary>
/// Takes contents that came as JSON: each must be of a known type with no unknown field, and is written anew as Microsoft.Extensions.AI
/// writes it. So what comes over HTTP is stored as what comes through the client.
/// </summary>
public sealed class ContentsJson
{
    private const string Discriminator = "$type";

    private readonly JsonSerializerOptions _options;
    private readonly JsonTypeInfo<IList<AIContent>> _list;
    private readonly JsonTypeInfo<AIContent> _content;
    private readonly Dictionary<string, HashSet<string>> _fields;

    /// <summary>Makes a reader.</summary>
    /// <param name="options">The options that know the content types.</param>
    public ContentsJson(JsonSerializerOptions options)
    {
        _options = options;
        _list = (JsonTypeInfo<IList<AIContent>>)options.GetTypeInfo(typeof(IList<AIContent>));
        _content = (JsonTypeInfo<AIContent>)options.GetTypeInfo(typeof(AIContent));
        _fields = _content.PolymorphismOptions!.DerivedTypes.ToDictionary(
            derived => (string)derived.TypeDiscriminator!,
            derived => FieldsOf(derived.DerivedType),
            StringComparer.Ordinal
        );
    }

    /// <summary>The stored form of a text: one text content.</summary>
    /// <param name="text">The text.</param>
    /// <returns>The contents.</returns>
    public string OfText(string text) => JsonSerializer.Serialize([new TextContent(text)], _list);

    /// <summary>The stored form of contents.</summary>
    /// <param name="array">The contents, as they came.</param>
    /// <param name="path">Where they stand.</param>
    /// <returns>The contents.</returns>
    /// <exception cref="InvalidRequestException">A content has no known type, an unknown field or a value that does not fit.</exception>
    /// <exception cref="JsonTooDeepException">They are nested deeper than 64 levels.</exception>
    public string Normalize(JsonElement array, string path)
    {
        try
        {
            return JsonSerializer.Serialize([.. StrictObject.Items(array, path).Select(item => Read(item.Element, item.Path))], _list);
        }
        catch (Exception failure) when (failure is InvalidRequestException or JsonException or InvalidOperationException)
        {
            if (JsonTooDeepException.Find(JsonMarshal.GetRawUtf8Value(array), path, JsonDepth.MaxStored) is { } tooDeep)
            {
                throw tooDeep;
            }

            throw;
        }
    }

    private AIContent Read(JsonElement element, string path)
    {
        // Nearly all contents: read without a table of its fields and without the serializer.
        if (PlainText(element) is { } text)
        {
            return new TextContent(text);
        }

        Dictionary<string, JsonElement> fields = StrictObject.ReadMap(element, path);
        if (
            !fields.TryGetValue(Discriminator, out JsonElement type)
            || type.ValueKind != JsonValueKind.String
            || !_fields.TryGetValue(JsonText.Read(type), out HashSet<string>? known)
        )
        {
            throw new InvalidRequestException(
                $"{path}.{Discriminator}",
                $"A content names its type here. Known types: {string.Join(", ", _fields.Keys)}."
            );
        }

        if (fields.Keys.FirstOrDefault(name => name != Discriminator && !known.Contains(name)) is { } unknown)
        {
            throw new InvalidRequestException($"{path}.{unknown}", $"This field is not known. Known here: {string.Join(", ", known)}.");
        }

        try
        {
            return element.Deserialize(_content) ?? throw new InvalidRequestException(path, "A content is a JSON object.");
        }
        catch (Exception failure) when (failure is JsonException or NotSupportedException or ArgumentException or FormatException)
        {
            // The serializer's words name our types and may quote the content.
            throw new InvalidRequestException(path, "A field of this content is missing, or is not of its kind.");
        }
    }

    // The text of a content that has nothing else; null for any other.
    private static string? PlainText(JsonElement element) =>
        element.ValueKind == JsonValueKind.Object
        && element.GetPropertyCount() == 2
        && JsonText.TryGetProperty(element, Discriminator, out JsonElement type)
        && type.ValueKind == JsonValueKind.String
        && JsonMarshal.GetRawUtf8Value(type).SequenceEqual("\"text\""u8)
        && JsonText.TryGetProperty(element, "text", out JsonElement text)
        && text.ValueKind == JsonValueKind.String
            ? JsonText.Read(text)
            : null;

    private HashSet<string> FieldsOf(Type content) =>
        [
            .. _options
                .GetTypeInfo(content)
                .Properties.Where(property => property.Get is not null || property.Set is not null)
                .Select(property => property.Name),
        ];
}
