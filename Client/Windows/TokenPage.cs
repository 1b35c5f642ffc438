using System.Text.Json;
using OrleansMemory.Client.Errors;
using OrleansMemory.Conversations;

namespace OrleansMemory.Client.Windows;

/// <summary>
/// The newest messages that fit a number of tokens, as a page of the log: without a hole, and never beginning between a tool call and its
/// result. All messages count alike,
/// system messages too.
/// </summary>
/// <param name="conversation">Whose log.</param>
/// <param name="maxTokens">The most tokens, by <see cref="TokenEstimate"/>.</param>
/// <param name="limit">The most messages, 1 to 1,000.</param>
internal sealed class TokenPage(Conversation conversation, long maxTokens, int limit)
{
    private readonly List<Message> _read = [];
    private readonly List<WindowItem> _items = [];
    private bool _whole;

    /// <summary>Reads the page.</summary>
    /// <param name="order">The order of its messages.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>The page; its cursor is a <see cref="MessageQuery.Before"/>.</returns>
    public async Task<MessagePage> ReadAsync(MessageOrder order, CancellationToken cancellationToken)
    {
        long tokens = 0;
        while (!_whole && _read.Count < limit && tokens <= maxTokens)
        {
            var query = new MessageQuery { Before = _read.Count == 0 ? null : _read[^1].Sequence, Limit = limit - _read.Count, Order = MessageOrder.Descending };
            MessagePage page = await conversation.GetStoredMessagesAsync(query, cancellationToken);
            _whole = page.Next is null;
            _read.AddRange(page.Messages);
            _items.AddRange(page.Messages.Select(Measure));
            tokens = _items.Sum(item => item.Size.Tokens);
        }

        _read.Reverse();
        _items.Reverse();
        int start = Start();
        IEnumerable<Message> kept = _read.Skip(start);
        bool more = start > 0 || !_whole;
        long? cursor = !more || _read.Count == 0 ? null : start < _read.Count ? _read[start].Sequence : _read[^1].Sequence + 1;
        return new MessagePage { Messages = [.. order == MessageOrder.Ascending ? kept : kept.Reverse()], Next = cursor };
    }

    /// <summary>The first message of the page: the oldest one that fits and at which the log may be cut.</summary>
    private int Start()
    {
        var groups = new ToolGroups(_items);
        int start = _items.Count;
        int cut = 0;
        long tokens = 0;
        for (int i = _items.Count - 1; i >= 0; i--)
        {
            int group = groups.GroupOf(i);
            tokens += _items[i].Size.Tokens;
            if (tokens > maxTokens || (groups.IsOrphaned(group) && !_whole))
            {
                // Too many, or a result whose call may stand before what was read.
                break;
            }

            cut += i == groups.LastOf(group) && i != group ? 1 : 0;
            cut -= i == group && i != groups.LastOf(group) ? 1 : 0;
            start = cut == 0 ? i : start;
        }

        return start;
    }

    private WindowItem Measure(Message message)
    {
        try
        {
            return WindowItem.Of(ChatMessageFormat.Default.ToChatMessage(message), TokenEstimate.Of);
        }
        catch (UnreadableMessageException)
        {
            // Contents of a type that is not known here: all their JSON counts.
            var tools = new List<ToolUse>();
            using (var contents = JsonDocument.Parse(message.Contents))
            {
                Collect(contents.RootElement, tools);
            }

            return new WindowItem(IsSystem: false, IsUser: false, tools, MessageMeasure.OfJson(message.Contents, TokenEstimate.Of));
        }
    }

    /// <summary>Finds calls and results by the rule by which the grain finds them: the name of their type ends in Call or Result, and they
    /// have an id.</summary>
    private static void Collect(JsonElement element, List<ToolUse> tools)
    {
        if (element.ValueKind == JsonValueKind.Array)
        {
            foreach (JsonElement item in element.EnumerateArray())
            {
                Collect(item, tools);
            }
        }
        else if (element.ValueKind == JsonValueKind.Object)
        {
            if (Text(element, "$type") is { } type && Text(element, "callId") is { } id)
            {
                bool result = type.EndsWith("Result", StringComparison.Ordinal);
                tools.AddRange(result || type.EndsWith("Call", StringComparison.Ordinal) ? [new ToolUse(result ? ToolUseKind.Result : ToolUseKind.Call, id)] : []);
            }

            foreach (JsonProperty property in element.EnumerateObject())
            {
                Collect(property.Value, tools);
            }
        }
    }

    private static string? Text(JsonElement element, string name) =>
        element.TryGetProperty(name, out JsonElement value) && value.ValueKind == JsonValueKind.String ? Json.JsonText.Read(value) : null;
}
