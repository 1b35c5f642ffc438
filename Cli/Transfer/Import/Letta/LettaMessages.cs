using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.AI;
using OrleansMemory.Cli.Transfer.Import.Converted;

namespace OrleansMemory.Cli.Transfer.Import.Letta;

/// <summary>Converts the messages of an agent.</summary>
/// <param name="tally">Is told what is kept in another form.</param>
internal sealed class LettaMessages(ImportTally tally)
{
    /// <summary>Converts them.</summary>
    /// <exception cref="MalformedFileException">One is none.</exception>
    public List<ConvertedMessage> Convert(JsonElement agent, string where)
    {
        var messages = new List<ConvertedMessage>();
        var ids = new HashSet<string>(StringComparer.Ordinal);
        DateTimeOffset before = Time(agent) ?? DateTimeOffset.UnixEpoch;
        int number = 0;
        foreach (JsonElement message in Texts.Items(agent, "messages"))
        {
            number++;
            if (message.ValueKind != JsonValueKind.Object || Texts.Of(message, "role") is not { } role)
            {
                throw new MalformedFileException(FormattableString.Invariant($"{where}, message {number} is no message with a role."));
            }

            string id = Texts.Cut(
                Texts.Of(message, "id") is { Length: > 0 } own ? own : FormattableString.Invariant($"message-{number - 1}"),
                Texts.MaxNameBytes
            )!;
            if (!ids.Add(id))
            {
                throw new MalformedFileException(FormattableString.Invariant($"{where}, message {number} has the id of one before it."));
            }

            List<AIContent> contents = Contents(message);
            if (contents.Count == 0)
            {
                tally.Note("empty messages: left out");
                continue;
            }

            DateTimeOffset? time = Time(message);
            tally.Note("messages without a time: have that of the message before them", time is null ? 1 : 0);
            before = time ?? before;
            messages.Add(
                new ConvertedMessage(
                    id,
                    Role(role, contents),
                    Texts.Of(message, "name") is { Length: > 0 } name ? name : null,
                    before,
                    contents,
                    Properties(message, role)
                )
            );
        }

        return messages;
    }

    private static DateTimeOffset? Time(JsonElement from) =>
        Texts.Of(from, "created_at") is { } text
        && DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out DateTimeOffset time)
            ? time.ToUniversalTime()
            : null;

    private string Role(string role, List<AIContent> contents)
    {
        switch (role)
        {
            case "system" or "user" or "assistant" or "tool":
                return role;
            case "developer":
                return "system";
            case "function":
                return "tool";
            case "approval":
                // A request for one is the model's, with the call in question; an answer brings what the tool returned.
                return contents.Exists(static content => content is FunctionResultContent) ? "tool" : "assistant";
            default:
                tally.Note($"messages of the role '{Texts.Cut(role, Texts.MaxNameBytes)}': kept as the user's");
                return "user";
        }
    }

    private List<AIContent> Contents(JsonElement message)
    {
        List<AIContent> contents =
            Texts.Field(message, "content") is not { } content ? []
            : content.ValueKind == JsonValueKind.String ? [.. Text(content.GetString())]
            : content.ValueKind == JsonValueKind.Array ? [.. content.EnumerateArray().SelectMany(Part)]
            : [Unknown(content, content.ValueKind.ToString())];
        contents.AddRange(Texts.Items(message, "tool_calls").Select(Call));
        List<AIContent> results = [.. Results(message, contents)];
        if (results.Count > 0)
        {
            // What a tool returned stands in the content once more.
            contents.RemoveAll(static one => one is TextContent);
            contents.AddRange(results);
        }

        return contents;
    }

    private IEnumerable<AIContent> Part(JsonElement part) =>
        Texts.Of(part, "type") switch
        {
            "text" => Text(Texts.Of(part, "text")),
            "image" => [Image(part)],
            "reasoning" => Reasoning(Texts.Of(part, "reasoning"), Texts.Of(part, "signature")),
            "redacted_reasoning" => Reasoning(string.Empty, Texts.Of(part, "data")),
            "summarized_reasoning" => Reasoning(
                string.Join('\n', Texts.Items(part, "summary").Select(static one => Texts.Of(one, "text"))),
                Texts.Of(part, "encrypted_content")
            ),
            "omitted_reasoning" => Omitted(),
            "tool_call" =>
            [
                new FunctionCallContent(
                    Texts.Of(part, "id") ?? string.Empty,
                    Texts.Of(part, "name") ?? string.Empty,
                    Texts.Arguments(Texts.Field(part, "input")?.GetRawText())
                ),
            ],
            "tool_return" =>
            [
                new FunctionResultContent(
                    Texts.Of(part, "tool_call_id") ?? string.Empty,
                    Texts.Field(part, "content") is { } result ? Value(result) : null
                ),
            ],
            string other => [Unknown(part, other)],
            null => part.ValueKind == JsonValueKind.String ? Text(part.GetString()) : [Unknown(part, "without a type")],
        };

    private static IEnumerable<AIContent> Text(string? text) => string.IsNullOrEmpty(text) ? [] : [new TextContent(text)];

    private static IEnumerable<AIContent> Reasoning(string? text, string? proof) =>
        string.IsNullOrEmpty(text) && string.IsNullOrEmpty(proof) ? [] : [new TextReasoningContent(text) { ProtectedData = proof }];

    private IEnumerable<AIContent> Omitted()
    {
        tally.Note("reasoning that Letta itself omitted: left out");
        return [];
    }

    private AIContent Image(JsonElement part)
    {
        if (Texts.Field(part, "source") is { } source)
        {
            string type =
                Texts.Of(source, "media_type") is { } named && named.StartsWith("image/", StringComparison.Ordinal) ? named : "image/*";
            if (Texts.Of(source, "data") is { Length: > 0 } data && DataUri(type, data) is { } image)
            {
                return image;
            }

            if (Texts.Of(source, "url") is { } address && Uri.TryCreate(address, UriKind.Absolute, out Uri? uri))
            {
                return new UriContent(uri, type);
            }

            if (Texts.Of(source, "file_id") is { Length: > 0 } file)
            {
                tally.Note("images that only Letta's server has: kept as the pointer to them");
                return new UriContent(new Uri("letta-file:" + Uri.EscapeDataString(file)), type);
            }
        }

        return Unknown(part, "image without a source");
    }

    private static DataContent? DataUri(string type, string data)
    {
        byte[] bytes = new byte[data.Length];
        return System.Convert.TryFromBase64String(data, bytes, out int length)
            ? new DataContent(bytes.AsMemory(0, length), type == "image/*" ? "image/png" : type)
            : null;
    }

    private FunctionCallContent Call(JsonElement call)
    {
        JsonElement function = Texts.Field(call, "function") ?? call;
        JsonElement? arguments = Texts.Field(function, "arguments");
        string? text = arguments is { ValueKind: JsonValueKind.String } written ? written.GetString() : arguments?.GetRawText();
        return new FunctionCallContent(
            Texts.Of(call, "id") ?? string.Empty,
            Texts.Of(function, "name") ?? string.Empty,
            Texts.Arguments(text)
        );
    }

    private static IEnumerable<AIContent> Results(JsonElement message, List<AIContent> contents)
    {
        string? only = Texts.Of(message, "tool_call_id");
        bool isAny = false;
        foreach (
            JsonElement one in Texts
                .Items(message, "tool_returns")
                .Concat(Texts.Items(message, "approvals").Where(static approval => Texts.Of(approval, "type") == "tool"))
        )
        {
            // Earlier files say here only how it went; what came of it is the message's text.
            JsonElement? result = Texts.Field(one, "func_response") ?? Texts.Field(one, "tool_return");
            if ((Texts.Of(one, "tool_call_id") ?? only) is { } id && (result is not null || only is not null))
            {
                isAny = true;
                yield return new FunctionResultContent(id, result is { } value ? Value(value) : Said(contents));
            }
        }

        if (!isAny && only is not null)
        {
            yield return new FunctionResultContent(only, Said(contents));
        }
    }

    private static string Said(List<AIContent> contents) =>
        string.Join('\n', contents.OfType<TextContent>().Select(static text => text.Text));

    private static object Value(JsonElement value) => value.ValueKind == JsonValueKind.String ? value.GetString()! : value.Clone();

    private TextContent Unknown(JsonElement content, string type)
    {
        tally.Note($"contents of the unknown type '{Texts.Cut(type, Texts.MaxNameBytes)}': kept as their JSON");
        return new TextContent(content.GetRawText());
    }

    private static JsonObject? Properties(JsonElement message, string role)
    {
        var properties = new JsonObject();
        foreach (string field in new[] { "model", "sender_id", "group_id", "approve", "approval_request_id", "denial_reason" })
        {
            if (Texts.Field(message, field) is { } value)
            {
                properties[field] = Texts.Node(value);
            }
        }

        if (role is not ("system" or "user" or "assistant" or "tool"))
        {
            properties["role"] = role;
        }

        string[] failed =
        [
            .. Texts
                .Items(message, "tool_returns")
                .Where(static one => Texts.Of(one, "status") == "error")
                .Select(static one => Texts.Of(one, "tool_call_id") ?? string.Empty),
        ];
        if (failed.Length > 0)
        {
            properties["failedCalls"] = new JsonArray([.. failed.Select(static id => JsonValue.Create(id))]);
        }

        return properties.Count == 0 ? null : new JsonObject { ["letta"] = properties };
    }
}
