using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.AI;
using OrleansMemory.Cli.Transfer.Import.Converted;

namespace OrleansMemory.Cli.Transfer.Import.ChatGpt;

/// <summary>Converts the messages of one conversation. What paths share is converted once.</summary>
/// <param name="contents">Reads what they say.</param>
/// <param name="withHidden">Whether those that are not shown are converted, too.</param>
/// <param name="begin">The time of messages that have none, before the first one that has.</param>
/// <param name="tally">Is told what is left out.</param>
internal sealed class ChatGptMessages(ChatGptContents contents, bool withHidden, DateTimeOffset begin, ImportTally tally)
{
    private const string Everybody = "all";

    private const int MostOpenCalls = 31;

    private static readonly string[] HiddenTypes = ["user_editable_context", "model_editable_context"];

    private readonly Dictionary<string, Step> _steps = new(StringComparer.Ordinal);

    /// <summary>Converts a path.</summary>
    public List<ConvertedMessage> Convert(IReadOnlyList<ChatGptNode> path)
    {
        var messages = new List<ConvertedMessage>();
        var ids = new HashSet<string>(StringComparer.Ordinal);
        Step before = new(null, begin, []);
        foreach (ChatGptNode node in path)
        {
            if (!_steps.TryGetValue(node.Id, out Step? step))
            {
                step = _steps[node.Id] = Take(node, before);
            }

            before = step;
            if (step.Message is { } message && !ids.Add(message.Id))
            {
                throw new MalformedConversationException("Two of its messages have one id.");
            }

            if (step.Message is not null)
            {
                messages.Add(step.Message);
            }
        }

        return messages;
    }

    /// <summary>An instant of an export: seconds since 1970, with a fraction.</summary>
    public static DateTimeOffset? Time(JsonElement from, string field) =>
        Texts.Field(from, field) is { ValueKind: JsonValueKind.Number } value
        && value.TryGetDecimal(out decimal seconds)
        && seconds is >= 0 and < 253_402_300_800m
            ? DateTimeOffset.UnixEpoch.AddTicks((long)(seconds * 1_000_000m) * TimeSpan.TicksPerMicrosecond)
            : null;

    private Step Take(ChatGptNode node, Step before)
    {
        Step nothing = before with { Message = null };
        if (node.Message is not { } message)
        {
            return nothing;
        }

        if (
            Texts.Field(message, "content") is not { ValueKind: JsonValueKind.Object } content
            || Texts.Field(message, "author") is not { } author
        )
        {
            throw new MalformedConversationException("A message of it has no author or content.");
        }

        bool isHidden = IsHidden(message, content);
        if (isHidden && !withHidden)
        {
            tally.Note(
                IsEmpty(content) ? "empty messages: left out" : "messages that ChatGPT does not show: left out (--hidden imports them)"
            );
            return nothing;
        }

        List<AIContent> said = contents.Read(content);
        if (said.Count == 0 && Instructions(message) is { } instructions && withHidden)
        {
            said.Add(new TextContent(instructions));
        }

        if (said.Count == 0)
        {
            tally.Note("empty messages: left out");
            return nothing;
        }

        return Take(node, message, author, content, said, before);
    }

    private Step Take(ChatGptNode node, JsonElement message, JsonElement author, JsonElement content, List<AIContent> said, Step before)
    {
        string id = Texts.Cut(Texts.Of(message, "id") is { Length: > 0 } own ? own : node.Id, Texts.MaxNameBytes)!;
        string role = HiddenTypes.Contains(Texts.Of(content, "content_type"), StringComparer.Ordinal)
            ? "system"
            : Role(Texts.Of(author, "role"));
        string? name = Texts.Of(author, "name") is { Length: > 0 } text ? text : null;
        IReadOnlyList<Call> calls = before.Calls;
        if (role == "assistant" && Texts.Of(message, "recipient") is { Length: > 0 } recipient && recipient != Everybody)
        {
            calls = [.. calls.TakeLast(MostOpenCalls), new Call(id, recipient)];
            said = AsCall(said, id, recipient);
        }
        else if (role == "tool" && Answered(calls, name) is { } call)
        {
            said = AsResult(said, call.Id);
        }

        DateTimeOffset? time = Time(message, "create_time");
        tally.Note("messages without a time: have that of the message before them", time is null ? 1 : 0);
        var converted = new ConvertedMessage(id, role, name, time ?? before.Time, said, Properties(message, content));
        return new Step(converted, converted.CreatedAt, calls);
    }

    private string Role(string? role)
    {
        if (role is "user" or "assistant" or "system" or "tool")
        {
            return role;
        }

        tally.Note($"messages of the unknown role '{Texts.Cut(role ?? string.Empty, Texts.MaxNameBytes)}': kept as the assistant's");
        return "assistant";
    }

    private static bool IsHidden(JsonElement message, JsonElement content) =>
        (
            Texts.Field(message, "metadata") is { } metadata
            && Texts.Field(metadata, "is_visually_hidden_from_conversation") is { ValueKind: JsonValueKind.True }
        )
        || (
            Texts.Field(message, "weight") is { ValueKind: JsonValueKind.Number } weight
            && weight.TryGetDouble(out double number)
            && number == 0
        )
        || HiddenTypes.Contains(Texts.Of(content, "content_type"), StringComparer.Ordinal);

    private static bool IsEmpty(JsonElement content) =>
        Texts.Of(content, "content_type") == "text"
        && Texts.Items(content, "parts").All(static part => part.ValueKind == JsonValueKind.String && part.ValueEquals(string.Empty));

    // The instructions that a user has set stand beside a message that says nothing itself.
    private static string? Instructions(JsonElement message) =>
        Texts.Field(message, "metadata") is { } metadata && Texts.Field(metadata, "user_context_message_data") is { } data
            ? string.Join(
                '\n',
                new[] { Texts.Of(data, "about_user_message"), Texts.Of(data, "about_model_message") }.Where(static text =>
                    !string.IsNullOrEmpty(text)
                )
            )
                is { Length: > 0 } text
                ? text
                : null
            : null;

    private static List<AIContent> AsCall(List<AIContent> said, string id, string recipient)
    {
        string arguments = string.Join('\n', said.OfType<TextContent>().Select(static text => text.Text));
        return [.. said.Where(static one => one is not TextContent), new FunctionCallContent(id, recipient, Texts.Arguments(arguments))];
    }

    private static List<AIContent> AsResult(List<AIContent> said, string callId)
    {
        string result = string.Join(
            '\n',
            said.Select(static one =>
                    one is TextContent text ? text.Text
                    : one is ErrorContent error ? error.Message
                    : null
                )
                .Where(static text => text is not null)
        );
        return [new FunctionResultContent(callId, result), .. said.Where(static one => one is not (TextContent or ErrorContent))];
    }

    // The call that a tool answers is not named: it is the last one to that tool, whose parts may have names of their own (browser,
    // browser.search).
    private static Call? Answered(IReadOnlyList<Call> calls, string? tool) =>
        calls.LastOrDefault(call => call.Tool == tool)
        ?? calls.LastOrDefault(call => tool is not null && call.Tool.Split('.')[0] == tool.Split('.')[0])
        ?? (tool is null && calls.Count > 0 ? calls[^1] : null);

    private JsonObject? Properties(JsonElement message, JsonElement content)
    {
        var properties = new JsonObject();
        if (Texts.Of(content, "content_type") is { } type && type is not ("text" or "multimodal_text"))
        {
            properties["contentType"] = type;
        }

        if (Texts.Field(message, "metadata") is { } metadata)
        {
            if (Texts.Of(metadata, "model_slug") is { } model)
            {
                properties["model"] = model;
            }

            JsonNode[] attached = [.. Texts.Items(metadata, "attachments").Select(static one => Attachment(one))];
            if (attached.Length > 0)
            {
                properties["attachments"] = new JsonArray(attached);
                tally.Note("attached files: kept by id and name in the message's properties", attached.Length);
            }
        }

        return properties.Count == 0 ? null : new JsonObject { ["chatgpt"] = properties };
    }

    private static JsonObject Attachment(JsonElement attachment) =>
        new()
        {
            ["id"] = Texts.Of(attachment, "id"),
            ["name"] = Texts.Of(attachment, "name"),
            ["mimeType"] = Texts.Of(attachment, "mime_type") ?? Texts.Of(attachment, "mimeType"),
        };

    /// <summary>How far a path has got at a node.</summary>
    /// <param name="Time">When that was said, or what was said before it.</param>
    /// <param name="Calls">The calls up to here.</param>
    private sealed record Step(ConvertedMessage? Message, DateTimeOffset Time, IReadOnlyList<Call> Calls);

    private sealed record Call(string Id, string Tool);
}
