using System.Text.Json;
using OrleansMemory.Client.Json;

namespace OrleansMemory.Silo.OpenAi;

/// <summary>
/// Says what an item says in the contents of Microsoft.Extensions.AI. Parts and items of types that are not known have none.
/// </summary>
internal static class ItemTranslation
{
    private const string Refusal = "Refusal";

    /// <summary>Adds the contents of an item.</summary>
    /// <param name="type">The item's type.</param>
    /// <param name="item">The item, checked and complete.</param>
    public static void Add(ItemContents contents, string type, JsonElement item)
    {
        switch (type)
        {
            case ItemTypes.Message:
                AddParts(contents, item, "content");
                break;
            case ItemTypes.FunctionCall:
                AddCall(contents, item);
                break;
            case ItemTypes.FunctionCallOutput:
                AddOutput(contents, item);
                break;
            case ItemTypes.Reasoning:
                AddReasoning(contents, item);
                break;
            case ItemTypes.ImageGenerationCall when JsonFields.Find(item, "result") is { ValueKind: JsonValueKind.String } image:
                string format = JsonFields.Text(item, "output_format") is ("jpeg" or "webp") and var named ? named : "png";
                AddText(contents, "data", "uri", $"data:image/{format};base64,{JsonText.Read(image)}", ItemPlaces.Result, image);
                break;
            default:
                break;
        }
    }

    private static void AddParts(ItemContents contents, JsonElement item, string list)
    {
        int index = 0;
        foreach (JsonElement part in JsonFields.Items(item, list))
        {
            AddPart(contents, part, list, index++);
        }
    }

    private static void AddPart(ItemContents contents, JsonElement part, string list, int index)
    {
        switch (JsonFields.Text(part, "type"))
        {
            case "input_text" or "output_text" or "text" or "summary_text":
                AddField(contents, "text", "text", part, "text", list, index);
                break;
            case "reasoning_text":
                AddField(contents, "reasoning", "text", part, "text", list, index);
                break;
            case "refusal":
                JsonElement refusal = JsonFields.Find(part, "refusal")!.Value;
                contents.Add(
                    writer =>
                    {
                        WriteText(writer, "error", "message", JsonText.Read(refusal));
                        writer.WriteString("errorCode", Refusal);
                    },
                    ItemPlaces.Of(list, index, "refusal"),
                    refusal
                );
                break;
            case "input_image" or "computer_screenshot":
                AddFirst(contents, part, list, index, "image/*", "image_url", "file_id");
                break;
            case "input_file":
                AddFirst(contents, part, list, index, "application/octet-stream", "file_data", "file_url", "file_id");
                break;
            default:
                break;
        }
    }

    // Of several addresses of one thing the first that is one stands for it.
    private static void AddFirst(
        ItemContents contents,
        JsonElement part,
        string list,
        int index,
        string mediaType,
        params ReadOnlySpan<string> fields
    )
    {
        string? name = JsonFields.Text(part, "filename");
        foreach (string field in fields)
        {
            if (
                JsonFields.Find(part, field) is not { ValueKind: JsonValueKind.String } value
                || KindOf(field, JsonText.Read(value)) is not { } kind
            )
            {
                continue;
            }

            string text = JsonText.Read(value);
            contents.Add(
                writer =>
                {
                    WriteText(writer, kind, kind == "hostedFile" ? "fileId" : "uri", text);
                    if (kind == "uri")
                    {
                        writer.WriteString("mediaType", mediaType);
                    }
                    else if (name is not null)
                    {
                        writer.WriteString("name", name);
                    }
                },
                ItemPlaces.Of(list, index, field),
                value
            );
            return;
        }
    }

    // What holds an address; null for a text that is none.
    private static string? KindOf(string field, string text) =>
        field == "file_id" ? "hostedFile"
        : text.StartsWith("data:", StringComparison.OrdinalIgnoreCase) ? "data"
        : field != "file_data" && Uri.TryCreate(text, UriKind.Absolute, out _) ? "uri"
        : null;

    private static void AddCall(ItemContents contents, JsonElement call)
    {
        JsonElement given = JsonFields.Find(call, "arguments")!.Value;
        JsonElement? arguments = ParseObject(JsonText.Read(given));
        contents.Add(
            writer =>
            {
                WriteText(writer, "functionCall", "name", JsonFields.Text(call, "name")!);
                writer.WriteString("callId", JsonFields.Text(call, "call_id"));
                if (arguments is { } read)
                {
                    writer.WritePropertyName("arguments");
                    JsonSplice.WriteRaw(writer, read);
                }
            },
            ItemPlaces.Arguments,
            given
        );
    }

    private static void AddOutput(ItemContents contents, JsonElement output)
    {
        JsonElement result = JsonFields.Find(output, "output")!.Value;
        contents.Add(
            writer =>
            {
                WriteText(writer, "functionResult", "callId", JsonFields.Text(output, "call_id")!);
                writer.WritePropertyName("result");
                JsonSplice.WriteRaw(writer, result);
            },
            ItemPlaces.Output,
            result
        );
    }

    private static void AddReasoning(ItemContents contents, JsonElement reasoning)
    {
        // What is sealed belongs to all of it; the first content carries it.
        string? sealedText = JsonFields.Text(reasoning, "encrypted_content");
        foreach (string list in (string[])["summary", "content"])
        {
            int index = 0;
            foreach (JsonElement part in JsonFields.Items(reasoning, list))
            {
                if (JsonFields.Find(part, "text") is { ValueKind: JsonValueKind.String } text)
                {
                    string? carried = sealedText;
                    contents.Add(writer => WriteReasoning(writer, JsonText.Read(text), carried), ItemPlaces.Of(list, index, "text"), text);
                    sealedText = null;
                }

                index++;
            }
        }

        if (sealedText is not null)
        {
            contents.Add(
                writer => WriteReasoning(writer, string.Empty, sealedText),
                "/encrypted_content",
                JsonFields.Find(reasoning, "encrypted_content")!.Value
            );
        }
    }

    private static void WriteReasoning(Utf8JsonWriter writer, string text, string? sealedText)
    {
        WriteText(writer, "reasoning", "text", text);
        if (sealedText is not null)
        {
            writer.WriteString("protectedData", sealedText);
        }
    }

    private static void AddField(ItemContents contents, string kind, string name, JsonElement part, string field, string list, int index)
    {
        JsonElement value = JsonFields.Find(part, field)!.Value;
        AddText(contents, kind, name, JsonText.Read(value), ItemPlaces.Of(list, index, field), value);
    }

    private static void AddText(ItemContents contents, string kind, string name, string text, string place, JsonElement value) =>
        contents.Add(writer => WriteText(writer, kind, name, text), place, value);

    private static void WriteText(Utf8JsonWriter writer, string kind, string name, string text)
    {
        writer.WriteString("$type", kind);
        writer.WriteString(name, text);
    }

    // A model may write arguments that are no JSON: they stay in the item as it wrote them.
    private static JsonElement? ParseObject(string json)
    {
        try
        {
            JsonElement parsed = JsonElement.Parse(json);
            return parsed.ValueKind == JsonValueKind.Object ? parsed : null;
        }
        catch (Exception failure) when (failure is JsonException or ArgumentException)
        {
            return null;
        }
    }
}
