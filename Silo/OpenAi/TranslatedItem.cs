using System.Text.Json;
using OrleansMemory.Client.Json;

namespace OrleansMemory.Silo.OpenAi;

/// <summary>Makes items of contents that came through another API.</summary>
internal static class TranslatedItem
{
    private const string Discriminator = "$type";

    /// <summary>The kind of a content.</summary>
    /// <returns>Its <c>$type</c>; empty where it has none.</returns>
    public static string KindOf(JsonElement content) => JsonFields.Text(content, Discriminator) ?? string.Empty;

    /// <summary>Makes an item.</summary>
    /// <param name="type">Its type: message, reasoning, function_call or function_call_output.</param>
    /// <param name="role">The role of the message that holds the contents.</param>
    /// <param name="contents">What it says; those that no item can say are left out.</param>
    public static JsonElement Of(string id, string type, string role, IReadOnlyList<JsonElement> contents) =>
        WrittenJson.Of(
            (id, type, role, contents),
            static (writer, state) =>
            {
                writer.WriteStartObject();
                writer.WriteString("id", state.id);
                writer.WriteString("type", state.type);
                if (state.type == ItemTypes.Reasoning)
                {
                    WriteReasoning(writer, state.contents);
                }
                else
                {
                    writer.WriteString("status", "completed");
                    WriteSpoken(writer, state.type, state.role, state.contents);
                }

                writer.WriteEndObject();
            }
        );

    private static void WriteSpoken(Utf8JsonWriter writer, string type, string role, IReadOnlyList<JsonElement> contents)
    {
        switch (type)
        {
            case ItemTypes.FunctionCall:
                writer.WriteString("call_id", JsonFields.Text(contents[0], "callId") ?? string.Empty);
                writer.WriteString("name", JsonFields.Text(contents[0], "name") ?? string.Empty);
                writer.WriteString("arguments", JsonFields.Find(contents[0], "arguments") is { } arguments ? arguments.GetRawText() : "{}");
                break;
            case ItemTypes.FunctionCallOutput:
                writer.WriteString("call_id", JsonFields.Text(contents[0], "callId") ?? string.Empty);
                writer.WriteString(
                    "output",
                    JsonFields.Find(contents[0], "result") is { } result
                        ? result.ValueKind == JsonValueKind.String
                            ? JsonText.Read(result)
                            : result.GetRawText()
                        : string.Empty
                );
                break;
            default:
                writer.WriteString("role", role);
                writer.WriteStartArray("content");
                foreach (JsonElement content in contents)
                {
                    WritePart(writer, role, content);
                }

                writer.WriteEndArray();
                break;
        }
    }

    private static void WriteReasoning(Utf8JsonWriter writer, IReadOnlyList<JsonElement> contents)
    {
        writer.WriteStartArray("summary");
        foreach (
            string text in contents
                .Select(static content => JsonFields.Text(content, "text"))
                .OfType<string>()
                .Where(static text => text.Length > 0)
        )
        {
            writer.WriteStartObject();
            writer.WriteString("type", "summary_text");
            writer.WriteString("text", text);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        if (
            contents.Select(static content => JsonFields.Text(content, "protectedData")).FirstOrDefault(static text => text is not null) is
            { } sealedText
        )
        {
            writer.WriteString("encrypted_content", sealedText);
        }
    }

    private static void WritePart(Utf8JsonWriter writer, string role, JsonElement content)
    {
        switch (KindOf(content))
        {
            case "text":
                bool isAssistant = role == ItemRoles.Assistant;
                WriteStart(writer, isAssistant ? "output_text" : "input_text", "text", JsonFields.Text(content, "text"));
                if (isAssistant)
                {
                    writer.WriteStartArray("annotations");
                    writer.WriteEndArray();
                }

                writer.WriteEndObject();
                break;
            case "error":
                WriteStart(writer, "refusal", "refusal", JsonFields.Text(content, "message"));
                writer.WriteEndObject();
                break;
            case "data" or "uri":
                WriteMedia(writer, content);
                break;
            case "hostedFile":
                WriteStart(writer, "input_file", "file_id", JsonFields.Text(content, "fileId"));
                WriteName(writer, content);
                writer.WriteEndObject();
                break;
            default:
                break;
        }
    }

    private static void WriteMedia(Utf8JsonWriter writer, JsonElement content)
    {
        string uri = JsonFields.Text(content, "uri") ?? string.Empty;
        bool isData = uri.StartsWith("data:", StringComparison.OrdinalIgnoreCase);
        if (
            isData
                ? uri.StartsWith("data:image/", StringComparison.OrdinalIgnoreCase)
                : JsonFields.Text(content, "mediaType")?.StartsWith("image/", StringComparison.OrdinalIgnoreCase) == true
        )
        {
            WriteStart(writer, "input_image", "image_url", uri);
            writer.WriteString("detail", "auto");
            writer.WriteNull("file_id");
        }
        else
        {
            WriteStart(writer, "input_file", isData ? "file_data" : "file_url", uri);
            WriteName(writer, content);
        }

        writer.WriteEndObject();
    }

    private static void WriteStart(Utf8JsonWriter writer, string type, string name, string? value)
    {
        writer.WriteStartObject();
        writer.WriteString("type", type);
        writer.WriteString(name, value ?? string.Empty);
    }

    private static void WriteName(Utf8JsonWriter writer, JsonElement content)
    {
        if (JsonFields.Text(content, "name") is { } name)
        {
            writer.WriteString("filename", name);
        }
    }
}
