using System.Collections.Frozen;
using System.Text.Json;
using OrleansMemory.Client.Json;
using OrleansMemory.Errors;

namespace OrleansMemory.Client.Agents.States;

/// <summary>
/// One content in Agent Framework's form: texts, reasoning, tool calls and their results. A content of another type, or with more than that form can say, is
/// kept whole in Microsoft.Extensions.AI's form.
/// </summary>
internal static class ContentState
{
    private const string Discriminator = "$type";
    private const string Whole = "ai_content";
    private const string WholeField = "content";

    private static readonly Form[] Forms =
    [
        new("text", "text", [("text", "text")]),
        new("reasoning", "text_reasoning", [("text", "text")]),
        new("functionCall", "function_call", [("callId", "call_id"), ("name", "name"), ("arguments", "arguments")]),
        new("functionResult", "function_result", [("callId", "call_id"), ("result", "result")]),
    ];

    private static readonly FrozenDictionary<string, Form> ByOurs = Forms.ToFrozenDictionary(form => form.Ours, StringComparer.Ordinal);
    private static readonly FrozenDictionary<string, Form> ByTheirs = Forms.ToFrozenDictionary(form => form.Theirs, StringComparer.Ordinal);

    /// <summary>Writes a content.</summary>
    /// <param name="writer">Where to.</param>
    /// <param name="content">The content, in Microsoft.Extensions.AI's form.</param>
    public static void Write(Utf8JsonWriter writer, JsonElement content)
    {
        writer.WriteStartObject();
        if (FormOf(content) is { } form)
        {
            writer.WriteString("type", form.Theirs);
            foreach ((string ours, string theirs) in form.Fields)
            {
                if (content.TryGetProperty(ours, out JsonElement value))
                {
                    writer.WritePropertyName(theirs);
                    writer.WriteRawValue(value.GetRawText(), skipInputValidation: true);
                }
            }
        }
        else
        {
            writer.WriteString("type", Whole);
            writer.WritePropertyName(WholeField);
            writer.WriteRawValue(content.GetRawText(), skipInputValidation: true);
        }

        writer.WriteEndObject();
    }

    /// <summary>Reads a content.</summary>
    /// <param name="element">The content.</param>
    /// <param name="path">Where it stands.</param>
    /// <returns>The content, in Microsoft.Extensions.AI's form.</returns>
    /// <exception cref="InvalidRequestException">Its type is not known, or it has other fields.</exception>
    public static string Read(JsonElement element, string path)
    {
        Dictionary<string, JsonElement> all = StrictObject.ReadMap(element, path);
        string type = StrictObject.Of(all, path).RequiredText("type");
        if (type == Whole)
        {
            return StrictObject.Read(element, path, "type", WholeField).Required(WholeField).GetRawText();
        }

        if (!ByTheirs.TryGetValue(type, out Form? form))
        {
            throw new InvalidRequestException(
                $"{path}.type", $"This type of content is not known. Known here: {string.Join(", ", ByTheirs.Keys.Order(StringComparer.Ordinal))}, {Whole}.");
        }

        var fields = new List<string> { $"\"{Discriminator}\":\"{form.Ours}\"" };
        foreach ((string name, JsonElement value) in all.Where(field => field.Key != "type"))
        {
            string ours = form.Fields.FirstOrDefault(field => field.Theirs == name).Ours
                ?? throw new InvalidRequestException($"{path}.{name}", $"This field is not known in a content of type {form.Theirs}.");
            fields.Add($"\"{ours}\":{value.GetRawText()}");
        }

        return $"{{{string.Join(',', fields)}}}";
    }

    private static Form? FormOf(JsonElement content) =>
        content.TryGetProperty(Discriminator, out JsonElement type)
        && ByOurs.TryGetValue(type.GetString()!, out Form? form)
        && content.EnumerateObject().All(field =>
            field.Name == Discriminator || IsUnset(field.Value) || form.Fields.Any(known => known.Ours == field.Name))
            ? form
            : null;

    /// <summary>Flags are written also where they are not set.</summary>
    private static bool IsUnset(JsonElement value) => value.ValueKind is JsonValueKind.False or JsonValueKind.Null;

    /// <summary>How one type of content is named here and there.</summary>
    /// <param name="Ours">Microsoft.Extensions.AI's discriminator.</param>
    /// <param name="Theirs">Agent Framework's type.</param>
    /// <param name="Fields">The names of the fields.</param>
    private sealed record Form(string Ours, string Theirs, (string Ours, string Theirs)[] Fields);
}
