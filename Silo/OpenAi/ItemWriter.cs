using System.Text.Json;
using OrleansMemory.Client.Json;
using OrleansMemory.Conversations;
using OrleansMemory.Errors;

namespace OrleansMemory.Silo.OpenAi;

/// <summary>Makes messages of the items that a request brings.</summary>
internal static class ItemWriter
{
    /// <summary>The most items that a request brings.</summary>
    public const int MaxItems = 20;

    private const string Completed = "completed";

    /// <summary>Makes messages of a list of items.</summary>
    /// <param name="path">Where it stands.</param>
    /// <returns>A message for each item, in their order, with the item's id or a new one.</returns>
    /// <exception cref="InvalidRequestException">An item is no object, or has a field twice.</exception>
    /// <exception cref="Errors.ProblemException">There are too many, two have one id, or one is not what its type demands.</exception>
    public static IReadOnlyList<WrittenItem> ReadAll(JsonElement items, string path)
    {
        if (items.ValueKind != JsonValueKind.Array)
        {
            throw OpenAiProblem.WrongType(path, "an array of items");
        }

        if (items.GetArrayLength() > MaxItems)
        {
            throw OpenAiProblem.TooMany(path, MaxItems, items.GetArrayLength());
        }

        var written = new List<WrittenItem>(items.GetArrayLength());
        var ids = new HashSet<string>(StringComparer.Ordinal);
        foreach ((JsonElement element, string place) in StrictObject.Items(items, path))
        {
            WrittenItem item = Read(element, place);
            written.Add(
                ids.Add(item.Message.Id!)
                    ? item
                    : throw OpenAiProblem.Invalid("duplicate_item", $"{place}.id", "Another item of this request has this id.")
            );
        }

        return written;
    }

    private static WrittenItem Read(JsonElement element, string path)
    {
        var fields = new ItemFields(StrictObject.ReadMap(element, path), path);
        string type = TypeOf(fields);
        string? given = fields.Text("id");
        if (given is "" or "." or "..")
        {
            throw OpenAiProblem.Invalid("invalid_value", $"{path}.id", "An id is 1 to 256 bytes long, and neither '.' nor '..'.");
        }

        string role = ItemChecks.Check(type, fields);
        string id = given ?? ItemIds.New(type);
        JsonElement item = Complete(element, type, id);
        var contents = new ItemContents();
        ItemTranslation.Add(contents, type, item);
        var message = new NewMessage
        {
            Id = id,
            Role = role,
            Contents = contents.Json,
            Metadata = KeptItem.Write(item, contents),
        };
        return new WrittenItem(message, given is not null);
    }

    private static string TypeOf(ItemFields fields)
    {
        // OpenAI takes a message without its type.
        string type = fields.Text("type") ?? (fields.Has("role") ? ItemTypes.Message : throw OpenAiProblem.Missing(fields.PathOf("type")));
        return type switch
        {
            "" => throw OpenAiProblem.Invalid("invalid_value", fields.PathOf("type"), "A type is not empty."),
            ItemTypes.ItemReference => throw OpenAiProblem.Invalid(
                "unsupported_item",
                fields.PathOf("type"),
                "A reference is no item of its own. Send the item itself."
            ),
            _ => type,
        };
    }

    /// <summary>The item as it is answered: with its id and type, and with what OpenAI fills in.</summary>
    private static JsonElement Complete(JsonElement given, string type, string id) =>
        WrittenJson.Of(
            (given, type, id),
            static (writer, state) =>
            {
                bool hasStatus =
                    state.type is not (ItemTypes.Message or ItemTypes.FunctionCall or ItemTypes.FunctionCallOutput)
                    || (JsonText.TryGetProperty(state.given, "status", out JsonElement status) && status.ValueKind != JsonValueKind.Null);
                writer.WriteStartObject();
                writer.WriteString("id", state.id);
                writer.WriteString("type", state.type);
                if (!hasStatus)
                {
                    writer.WriteString("status", Completed);
                }

                foreach (JsonProperty property in state.given.EnumerateObject())
                {
                    string name = JsonText.ReadName(property);
                    if (name is "id" or "type" || (name == "status" && !hasStatus))
                    {
                        continue;
                    }

                    writer.WritePropertyName(name);
                    if (state.type == ItemTypes.Message && name == "content" && property.Value.ValueKind == JsonValueKind.String)
                    {
                        WriteText(writer, state.given, property.Value);
                    }
                    else
                    {
                        JsonSplice.WriteRaw(writer, property.Value);
                    }
                }

                writer.WriteEndObject();
            }
        );

    // The short form of a message, a text in the place of its parts.
    private static void WriteText(Utf8JsonWriter writer, JsonElement message, JsonElement text)
    {
        bool isAssistant = JsonText.TryGetProperty(message, "role", out JsonElement role) && JsonText.Read(role) == ItemRoles.Assistant;
        writer.WriteStartArray();
        writer.WriteStartObject();
        writer.WriteString("type", isAssistant ? "output_text" : "input_text");
        writer.WritePropertyName("text");
        JsonSplice.WriteRaw(writer, text);
        if (isAssistant)
        {
            writer.WriteStartArray("annotations");
            writer.WriteEndArray();
        }

        writer.WriteEndObject();
        writer.WriteEndArray();
    }
}
