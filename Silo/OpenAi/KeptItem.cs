using System.Text.Json;
using OrleansMemory.Client.Json;

namespace OrleansMemory.Silo.OpenAi;

/// <summary>
/// An item in the extra properties of the message that it is stored as: all that it came with but for its id, which is the message's, and
/// for the values that the message's contents hold. So it comes back exactly.
/// </summary>
internal static class KeptItem
{
    /// <summary>The extra property of a stored message that holds the item.</summary>
    public const string Property = "OrleansMemory.OpenAiItem";

    private const string Item = "item";
    private const string Places = "places";
    private const string Null = "null";

    /// <summary>The extra properties of a message.</summary>
    /// <param name="item">The item, whole.</param>
    /// <param name="contents">The contents that say the same.</param>
    public static string Write(JsonElement item, ItemContents contents)
    {
        Dictionary<string, string?> held = contents
            .Places.OfType<string>()
            .ToDictionary(static place => place, static _ => (string?)Null, StringComparer.Ordinal);
        held[ItemPlaces.Id] = Null;
        return WrittenJson
            .Of(
                (item, contents.Places, held),
                static (writer, state) =>
                {
                    writer.WriteStartObject();
                    writer.WriteStartObject(Property);
                    writer.WritePropertyName(Item);
                    JsonSplice.Write(writer, state.item, state.held);
                    writer.WriteStartArray(Places);
                    foreach (string? place in state.Places)
                    {
                        writer.WriteStringValue(place);
                    }

                    writer.WriteEndArray();
                    writer.WriteEndObject();
                    writer.WriteEndObject();
                }
            )
            .GetRawText();
    }

    /// <summary>Reads the item of a message.</summary>
    /// <param name="metadata">The message's extra properties; <see langword="null"/> for none.</param>
    /// <param name="contents">The message's contents.</param>
    /// <param name="id">The message's id.</param>
    /// <returns>
    /// The item; <see langword="null"/> when the message has none, or what stands there is none: extra properties are whatever callers of
    /// other APIs write.
    /// </returns>
    public static ConversationItem? Read(string? metadata, JsonElement contents, string id)
    {
        if (
            metadata?.Contains(Property, StringComparison.Ordinal) != true
            || JsonFields.Find(JsonElement.Parse(metadata), Property) is not { } kept
            || JsonFields.Find(kept, Item) is not { } item
            || JsonFields.Text(item, "type") is not { } type
        )
        {
            return null;
        }

        var held = new Dictionary<string, string?>(StringComparer.Ordinal)
        {
            [ItemPlaces.Id] = WrittenJson.Of(id, static (writer, id) => writer.WriteStringValue(id)).GetRawText(),
        };
        foreach ((JsonElement place, JsonElement content) in JsonFields.Items(kept, Places).Zip(contents.EnumerateArray()))
        {
            if (
                place.ValueKind == JsonValueKind.String
                && JsonText.Read(place) is { Length: > 0 } pointer
                && ItemContents.ValueAt(content, pointer) is { } value
            )
            {
                held.TryAdd(pointer, value);
            }
        }

        return new ConversationItem(id, type, JsonSplice.Copy(item, held), [.. Enumerable.Range(0, contents.GetArrayLength())]);
    }
}
