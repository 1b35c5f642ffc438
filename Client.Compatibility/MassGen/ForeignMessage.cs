using System.Globalization;
using System.Text.Json;
using Microsoft.Extensions.AI;
using OrleansMemory.Client.Json;
using OrleansMemory.Errors;

namespace OrleansMemory.Client.Compatibility.MassGen;

/// <summary>
/// Reads messages as MassGen and OpenAI's chat completions write them: calls beside the text, results with the id of their call, content in
/// parts, and functions of the time before there were ids. What it does not know it leaves to its caller.
/// </summary>
internal sealed class ForeignMessage
{
    private const string ToolCalls = "tool_calls";
    private const string ToolCallId = "tool_call_id";
    private const string FunctionCall = "function_call";
    private const string Name = "name";
    private const string Content = "content";
    private const string FunctionRole = "function";

    // Calls without an id that have no result yet, by the name of their function.
    private readonly Dictionary<string, Queue<string>> _open = new(StringComparer.Ordinal);
    private int _calls;

    /// <summary>Reads the contents of a message.</summary>
    /// <param name="role">Its role, as it stands there.</param>
    /// <param name="used">Gets the names of the fields that the contents hold.</param>
    /// <returns>The role that it has here, and its contents.</returns>
    /// <exception cref="InvalidRequestException">A field is not of its kind.</exception>
    public (ChatRole Role, List<AIContent> Contents) Read(string role, StrictObject fields, HashSet<string> used)
    {
        List<AIContent> said = ReadContent(fields, used);
        bool isFunction = string.Equals(role, FunctionRole, StringComparison.OrdinalIgnoreCase);
        if (isFunction || new ChatRole(role) == ChatRole.Tool)
        {
            return (ChatRole.Tool, ReadResult(fields, said, used));
        }

        if (fields.TryGet(ToolCalls, out JsonElement calls))
        {
            used.Add(ToolCalls);
            said.AddRange(StrictObject.Items(calls, fields.PathOf(ToolCalls)).Select(call => ReadCall(call.Element, call.Path)));
        }

        if (fields.TryGet(FunctionCall, out JsonElement single))
        {
            used.Add(FunctionCall);
            StrictObject function = StrictObject.Of(StrictObject.ReadMap(single, fields.PathOf(FunctionCall)), fields.PathOf(FunctionCall));
            string name = function.RequiredText(Name);
            string id = string.Create(CultureInfo.InvariantCulture, $"{FunctionCall}_{++_calls}");
            Open(name).Enqueue(id);
            said.Add(new FunctionCallContent(id, name, ReadArguments(function)));
        }

        return (new ChatRole(role), said);
    }

    /// <summary>A text, or a number as text: ids of others are both.</summary>
    /// <param name="name">The field.</param>
    /// <returns>The text; <see langword="null"/> when there is none.</returns>
    /// <exception cref="InvalidRequestException">It is neither.</exception>
    public static string? ReadId(StrictObject fields, string name) =>
        fields.TryGet(name, out JsonElement id) && id.ValueKind == JsonValueKind.Number ? id.GetRawText() : fields.Text(name);

    private List<AIContent> ReadResult(StrictObject fields, List<AIContent> said, HashSet<string> used)
    {
        string? id = ReadId(fields, ToolCallId);
        if (
            id is null
            && fields.Text(Name) is { } name
            && _open.TryGetValue(name, out Queue<string>? open)
            && open.TryDequeue(out string? call)
        )
        {
            used.Add(Name);
            id = call;
        }

        if (id is null)
        {
            return said;
        }

        used.Add(ToolCallId);
        object? result = said switch
        {
            [] => null,
            [TextContent text] => text.Text,
            _ => said,
        };
        return [new FunctionResultContent(id, result)];
    }

    private FunctionCallContent ReadCall(JsonElement element, string path)
    {
        StrictObject call = StrictObject.Of(StrictObject.ReadMap(element, path), path);
        StrictObject function = call.TryGet(FunctionRole, out JsonElement inner)
            ? StrictObject.Of(StrictObject.ReadMap(inner, call.PathOf(FunctionRole)), call.PathOf(FunctionRole))
            : call;
        string id = ReadId(call, "id") ?? string.Create(CultureInfo.InvariantCulture, $"call_{++_calls}");
        return new FunctionCallContent(id, function.RequiredText(Name), ReadArguments(function));
    }

    /// <summary>
    /// Arguments stand there as a text that should be a JSON object. Where it is none, it is kept as it is, under the name
    /// <c>arguments</c>.
    /// </summary>
    private static Dictionary<string, object?>? ReadArguments(StrictObject function)
    {
        const string Arguments = "arguments";
        if (!function.TryGet(Arguments, out JsonElement given))
        {
            return null;
        }

        if (given.ValueKind == JsonValueKind.Object)
        {
            return ToMap(given, function.PathOf(Arguments));
        }

        string text = function.Text(Arguments)!;
        try
        {
            JsonElement parsed = JsonElement.Parse(text);
            if (parsed.ValueKind == JsonValueKind.Object)
            {
                return ToMap(parsed, function.PathOf(Arguments));
            }
        }
        catch (JsonException)
        {
            // Models write such.
        }

        return string.IsNullOrWhiteSpace(text) ? null : new Dictionary<string, object?>(StringComparer.Ordinal) { [Arguments] = text };
    }

    private static Dictionary<string, object?> ToMap(JsonElement map, string path) =>
        StrictObject.ReadMap(map, path).ToDictionary(pair => pair.Key, pair => (object?)pair.Value, StringComparer.Ordinal);

    private static List<AIContent> ReadContent(StrictObject fields, HashSet<string> used)
    {
        if (!fields.TryGet(Content, out JsonElement content))
        {
            used.Add(Content);
            return [];
        }

        if (content.ValueKind != JsonValueKind.Array)
        {
            used.Add(Content);
            return fields.Text(Content) is { } text ? [new TextContent(text)] : [];
        }

        AIContent?[] parts = [.. StrictObject.Items(content, fields.PathOf(Content)).Select(part => ReadPart(part.Element))];
        if (!parts.Contains(null))
        {
            used.Add(Content);
        }

        return [.. parts.OfType<AIContent>()];
    }

    /// <summary>One part; <see langword="null"/> for one that is not known, which stays beside the message with all others.</summary>
    private static AIContent? ReadPart(JsonElement part)
    {
        if (part.ValueKind == JsonValueKind.String)
        {
            return new TextContent(JsonText.Read(part));
        }

        return part.ValueKind != JsonValueKind.Object
            ? null
            : TextOf(part, "type") switch
            {
                "text" or "input_text" or "output_text" => TextOf(part, "text") is { } text ? new TextContent(text) : null,
                "refusal" => TextOf(part, "refusal") is { } refusal ? new TextContent(refusal) : null,
                "image_url" or "input_image" => JsonText.TryGetProperty(part, "image_url", out JsonElement image)
                    ? ReadImage(
                        image.ValueKind == JsonValueKind.Object ? TextOf(image, "url")
                        : image.ValueKind == JsonValueKind.String ? JsonText.Read(image)
                        : null
                    )
                    : null,
                "input_audio" => JsonText.TryGetProperty(part, "input_audio", out JsonElement audio)
                && audio.ValueKind == JsonValueKind.Object
                    ? ReadAudio(audio)
                    : null,
                _ => null,
            };
    }

    private static AIContent? ReadImage(string? address)
    {
        const string AnyImage = "image/*";
        try
        {
            return address is null ? null
                : address.StartsWith("data:", StringComparison.OrdinalIgnoreCase) ? new DataContent(address)
                : Uri.TryCreate(address, UriKind.Absolute, out Uri? place) ? new UriContent(place, AnyImage)
                : null;
        }
        catch (Exception failure) when (failure is ArgumentException or FormatException)
        {
            // No address of data, though it begins as one.
            return null;
        }
    }

    private static DataContent? ReadAudio(JsonElement audio) =>
        JsonText.TryGetProperty(audio, "data", out JsonElement data)
        && data.ValueKind == JsonValueKind.String
        && data.TryGetBytesFromBase64(out byte[]? bytes)
            ? new DataContent(bytes, $"audio/{TextOf(audio, "format") ?? "wav"}")
            : null;

    private static string? TextOf(JsonElement element, string name) =>
        JsonText.TryGetProperty(element, name, out JsonElement value) && value.ValueKind == JsonValueKind.String
            ? JsonText.Read(value)
            : null;

    private Queue<string> Open(string name)
    {
        if (!_open.TryGetValue(name, out Queue<string>? open))
        {
            _open[name] = open = new Queue<string>();
        }

        return open;
    }
}
