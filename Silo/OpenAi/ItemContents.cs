using System.Collections.Immutable;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;
using OrleansMemory.Client;
using OrleansMemory.Client.Json;
using OrleansMemory.Errors;

namespace OrleansMemory.Silo.OpenAi;

/// <summary>
/// Gathers what an item says as contents of a message, so that every other API reads it. Where a content holds a value of the item whole,
/// the item is kept without it and names the place: nothing is stored twice.
/// </summary>
internal sealed class ItemContents
{
    private static readonly ContentsJson Format = new(ChatMessageFormat.Default.Options);

    private readonly ImmutableArray<string>.Builder _contents = ImmutableArray.CreateBuilder<string>();
    private readonly ImmutableArray<string?>.Builder _places = ImmutableArray.CreateBuilder<string?>();

    /// <summary>The contents, as a message has them.</summary>
    public string Json => $"[{string.Join(',', _contents)}]";

    /// <summary>
    /// For each content the place in the item, as a JSON pointer, whose value it holds; <see langword="null"/> where it holds none.
    /// </summary>
    public IReadOnlyList<string?> Places => _places;

    /// <summary>
    /// Adds a content. What is no valid content, such as a data URL that is none, is not added: then the item alone says it.
    /// </summary>
    /// <param name="write">Writes the content's fields, its <c>$type</c> first.</param>
    /// <param name="place">Where in the item its value stands, as a JSON pointer.</param>
    /// <param name="value">The value that stands there.</param>
    public void Add(Action<Utf8JsonWriter> write, string place, JsonElement value)
    {
        JsonElement given = WrittenJson.Of(
            write,
            static (writer, write) =>
            {
                writer.WriteStartArray();
                writer.WriteStartObject();
                write(writer);
                writer.WriteEndObject();
                writer.WriteEndArray();
            }
        );
        try
        {
            JsonElement stored = JsonElement.Parse(Format.Normalize(given, "contents"))[0];
            _contents.Add(stored.GetRawText());
            _places.Add(ValueAt(stored, place) is { } held && IsSame(held, value) ? place : null);
        }
        catch (MemoryException failure) when (failure is InvalidRequestException or JsonTooDeepException)
        {
            // It is in the item all the same.
        }
    }

    /// <summary>The value of an item that a content holds.</summary>
    /// <param name="place">Where in the item the value stands.</param>
    /// <returns>The value, as JSON; <see langword="null"/> when the content holds none.</returns>
    public static string? ValueAt(JsonElement content, string place) =>
        JsonFields.Text(content, "$type") switch
        {
            "text" or "reasoning" => Field(content, "text"),
            "error" => Field(content, "message"),
            "data" when place == ItemPlaces.Result => Field(content, "uri") is { } uri
                ? $"\"{uri[(uri.IndexOf(',', StringComparison.Ordinal) + 1)..]}"
                : null,
            "data" or "uri" => Field(content, "uri"),
            "hostedFile" => Field(content, "fileId"),
            "functionCall" => Field(content, "arguments") is { } arguments ? Quote(arguments) : null,
            "functionResult" => Field(content, "result"),
            _ => null,
        };

    private static string? Field(JsonElement content, string name) => JsonFields.Find(content, name)?.GetRawText();

    private static string Quote(string text) => WrittenJson.Of(text, static (writer, text) => writer.WriteStringValue(text)).GetRawText();

    // Texts by what they mean, since an escape may be written in several ways; everything else as it is written.
    private static bool IsSame(string held, JsonElement value)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(held);
        return value.ValueKind == JsonValueKind.String
            ? bytes is [(byte)'"', ..] && JsonText.Unescape(bytes.AsSpan()[1..^1]).Equals(JsonText.Read(value), StringComparison.Ordinal)
            : JsonMarshal.GetRawUtf8Value(value).SequenceEqual(bytes);
    }
}
