using System.Globalization;
using System.Text;
using System.Text.Json;
using OrleansMemory.Client.Json;

namespace OrleansMemory.Tests.Silo.OpenAi;

/// <summary>
/// An item by chance that is valid: of every type, with parts of every type, fields that are not known, and texts with all that texts may
/// have.
/// </summary>
internal sealed class GeneratedItem(int seed)
{
    private static readonly string[] Texts =
    [
        "",
        "a",
        "Find me a hotel.",
        "\0",
        "😀",
        "\ud83d",
        "\"quoted\" \\ /",
        "line\r\n\ttab",
        "data:,",
        "data:image/png;base64,AAAA",
        "data:image/png;base64,A",
        "https://example.com/?q=ä b",
        "{\"a\":1}",
        "{ \"a\" : [1.0] }",
        "{",
        "null",
        "file-1",
        new('x', 3_000),
    ];

    private static readonly string[] Roles = ["user", "assistant", "system", "developer", "tool", "critic", "discriminator", "unknown"];

    private static readonly string[] PartTypes =
    [
        "input_text",
        "output_text",
        "text",
        "summary_text",
        "reasoning_text",
        "refusal",
        "input_image",
        "computer_screenshot",
        "input_file",
        "input_audio",
        "new",
    ];

    private readonly Random _random = new(seed);

    /// <summary>The item, as JSON.</summary>
    public string Write() => WrittenJson.Of(this, static (writer, item) => item.Write(writer)).GetRawText();

    private void Write(Utf8JsonWriter writer)
    {
        string type = Pick(
            "message",
            "message",
            "function_call",
            "function_call_output",
            "reasoning",
            "image_generation_call",
            "web_search_call",
            "custom_tool_call",
            "what.ever"
        );
        writer.WriteStartObject();
        writer.WriteString("id", string.Create(CultureInfo.InvariantCulture, $"id_{seed}"));
        writer.WriteString("type", type);
        WriteUnknown(writer, "before");
        switch (type)
        {
            case "message":
                writer.WriteString("role", Pick(Roles));
                WriteParts(writer, "content");
                writer.WriteString("status", Pick("completed", "incomplete", "in_progress"));
                break;
            case "function_call":
                WriteText(writer, "name");
                WriteText(writer, "arguments");
                WriteText(writer, "call_id");
                writer.WriteString("status", "completed");
                break;
            case "function_call_output":
                WriteText(writer, "call_id");
                writer.WriteString("status", "incomplete");
                if (_random.Next(2) == 0)
                {
                    WriteText(writer, "output");
                }
                else
                {
                    WriteParts(writer, "output");
                }

                break;
            case "reasoning":
                WriteParts(writer, "summary");
                WriteParts(writer, "content");
                WriteText(writer, "encrypted_content");
                break;
            default:
                WriteText(writer, "result");
                WriteParts(writer, "content");
                break;
        }

        WriteUnknown(writer, "after");
        writer.WriteEndObject();
    }

    private void WriteParts(Utf8JsonWriter writer, string name)
    {
        writer.WriteStartArray(name);
        for (int i = _random.Next(4); i > 0; i--)
        {
            string type = Pick(PartTypes);
            writer.WriteStartObject();
            WriteUnknown(writer, "first");
            writer.WriteString("type", type);
            foreach (string field in FieldsOf(type))
            {
                WriteText(writer, field);
            }

            WriteUnknown(writer, "last");
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }

    private IEnumerable<string> FieldsOf(string type) =>
        type switch
        {
            "refusal" => ["refusal"],
            "input_image" or "computer_screenshot" => Some("image_url", "file_id", "detail"),
            "input_file" => Some("file_data", "file_url", "file_id", "filename"),
            "input_audio" => [],
            _ => ["text"],
        };

    private IEnumerable<string> Some(params string[] fields) => [.. fields.Where(_ => _random.Next(2) == 0)];

    private void WriteUnknown(Utf8JsonWriter writer, string name)
    {
        if (_random.Next(3) == 0)
        {
            writer.WritePropertyName(name);
            writer.WriteRawValue(
                Pick("null", "1.50", "1e400", "[]", """{"id":null,"text":"x","a/b":[{"~":0}]}""", "\"\\ud800\""),
                skipInputValidation: true
            );
        }
    }

    private void WriteText(Utf8JsonWriter writer, string name)
    {
        var text = new StringBuilder();
        for (int i = 1 + _random.Next(2); i > 0; i--)
        {
            text.Append(Pick(Texts));
        }

        writer.WriteString(name, text.ToString());
    }

    private string Pick(params string[] values) => values[_random.Next(values.Length)];
}
