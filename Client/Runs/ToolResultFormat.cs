using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.AI;
using OrleansMemory.Client.Json;

namespace OrleansMemory.Client.Runs;

/// <summary>Writes the results of tools so that they come back as what they were: texts, contents, or JSON.</summary>
/// <param name="format">How contents are written.</param>
internal sealed class ToolResultFormat(ChatMessageFormat format)
{
    private const string Kind = "kind";
    private const string Value = "value";
    private const string Text = "text";
    private const string Content = "content";
    private const string Contents = "contents";
    private const string Json = "json";

    /// <summary>A name for all calls of a tool with the same arguments.</summary>
    /// <param name="tool">The tool's name.</param>
    /// <param name="arguments">The arguments; the order of names does not count.</param>
    /// <returns>64 hexadecimal digits; <see langword="null"/> when the arguments cannot be written.</returns>
    public string? Name(string tool, AIFunctionArguments arguments)
    {
        if (
            !format.TryWrite(
                [new FunctionCallContent(Kind, tool, new Dictionary<string, object?>(arguments, StringComparer.Ordinal))],
                out string? json
            )
        )
        {
            return null;
        }

        var canonical = new StringBuilder();
        Append(canonical, JsonElement.Parse(json));
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(canonical.ToString())));
    }

    /// <summary>Writes a result.</summary>
    /// <returns>The JSON; <see langword="null"/> when it cannot be written.</returns>
    public string? Write(object? result)
    {
        switch (result)
        {
            case AIContent content:
                return format.TryWrite([content], out string? one) ? Of(Content, one) : null;
            case IEnumerable<AIContent> contents:
                return format.TryWrite([.. contents], out string? all) ? Of(Contents, all) : null;
            default:
                var whole = new AdditionalPropertiesDictionary { [Kind] = result is string ? Text : Json, [Value] = result };
                return format.TryWrite(whole, out string? json) ? json : null;
        }
    }

    /// <summary>Reads a result.</summary>
    public object? Read(string json)
    {
        JsonElement written = JsonElement.Parse(json);
        JsonElement value = written.GetProperty(Value);
        return written.GetProperty(Kind).GetString() switch
        {
            Text => JsonText.Read(value),
            Content => format.ReadContents(value.GetRawText())[0],
            Contents => format.ReadContents(value.GetRawText()),
            _ => value.ValueKind == JsonValueKind.Null ? null : value,
        };
    }

    private static string Of(string kind, string json) => $$"""{"{{Kind}}":"{{kind}}","{{Value}}":{{json}}}""";

    /// <summary>Appends JSON with the names of objects in order.</summary>
    private static void Append(StringBuilder canonical, JsonElement element)
    {
        switch (element.ValueKind)
        {
            case JsonValueKind.Object:
                canonical.Append('{');
                foreach (
                    (string name, JsonElement value) in element
                        .EnumerateObject()
                        .Select(property => (JsonText.ReadName(property), property.Value))
                        .OrderBy(property => property.Item1, StringComparer.Ordinal)
                )
                {
                    canonical.Append(name.Length).Append(':').Append(name).Append('=');
                    Append(canonical, value);
                    canonical.Append(',');
                }

                canonical.Append('}');
                break;
            case JsonValueKind.Array:
                canonical.Append('[');
                foreach (JsonElement item in element.EnumerateArray())
                {
                    Append(canonical, item);
                    canonical.Append(',');
                }

                canonical.Append(']');
                break;
            default:
                canonical.Append(element.GetRawText());
                break;
        }
    }
}
