using Microsoft.Extensions.AI;

namespace OrleansMemory.Tests.Client.Windows;

/// <summary>
/// Makes histories with everything that makes windows hard: calls in parallel, nested, unanswered or answered late with others' messages
/// between, orphans, ids used again, approvals answered or ignored, messages that say nothing, calls of the service's own, system messages
/// anywhere.
/// </summary>
internal sealed class GeneratedHistory
{
    private readonly Random _random;
    private readonly List<ChatMessage> _messages = [];
    private readonly List<string> _open = [];
    private readonly List<ToolApprovalRequestContent> _requests = [];
    private int _calls;

    private GeneratedHistory(int seed) => _random = new Random(seed);

    public static List<ChatMessage> Make(int seed, int most = 40) => new GeneratedHistory(seed).Make(most).Messages;

    /// <summary>A history, and an input that may answer something of it.</summary>
    public static (List<ChatMessage> Messages, List<ChatMessage> Input) MakeWithInput(int seed, int most = 40)
    {
        var history = new GeneratedHistory(seed);
        List<ChatMessage> messages = [.. history.Make(most).Messages];
        int count = history._messages.Count;
        for (int i = history._random.Next(1, 4); i > 0; i--)
        {
            history.Add(
                history._random.Next(5) switch
                {
                    0 or 1 => history.Answering(),
                    2 => history.Approving(),
                    3 => history.Calling(),
                    _ => new ChatMessage(ChatRole.User, "next"),
                }
            );
        }

        return (messages, history._messages[count..]);
    }

    private (List<ChatMessage> Messages, int Calls) Make(int most)
    {
        for (int count = _random.Next(0, most); _messages.Count < count;)
        {
            Add(
                _random.Next(14) switch
                {
                    0 => new ChatMessage(ChatRole.System, Text()),
                    1 or 2 or 3 => new ChatMessage(ChatRole.User, Text()),
                    4 or 5 => new ChatMessage(ChatRole.Assistant, Text()),
                    6 or 7 => Calling(),
                    8 => new ChatMessage(ChatRole.Assistant, [Request()]),
                    9 => Approving(),
                    10 => Hosted(),
                    _ => Answering(),
                }
            );
        }

        return (_messages, _calls);
    }

    private void Add(ChatMessage message)
    {
        message.MessageId = FormattableString.Invariant($"m{_messages.Count}");
        _messages.Add(message);
    }

    private string Text() => new('x', _random.Next(0, 200));

    private ChatMessage Calling()
    {
        var contents = new List<AIContent>();
        if (_random.Next(3) == 0)
        {
            contents.Add(_random.Next(2) == 0 ? new TextContent(Text()) : new TextReasoningContent("hm"));
        }

        for (int i = _random.Next(1, 4); i > 0; i--)
        {
            string id = _random.Next(6) == 0 ? "again" : NewId();
            _open.Add(id);
            contents.Add(
                new FunctionCallContent(id, "f", new Dictionary<string, object?> { ["n"] = Text() })
                {
                    InformationalOnly = _random.Next(8) == 0,
                }
            );
        }

        return new ChatMessage(ChatRole.Assistant, contents);
    }

    private ChatMessage Answering()
    {
        var contents = new List<AIContent>();
        for (int i = _random.Next(1, 4); i > 0; i--)
        {
            string id = _open.Count == 0 || _random.Next(12) == 0 ? "orphan" : _open[_random.Next(_open.Count)];
            if (_random.Next(10) > 0)
            {
                _open.Remove(id);
            }

            contents.Add(new FunctionResultContent(id, Text()));
        }

        if (_random.Next(5) == 0)
        {
            _open.Add(NewId());
            contents.Add(new FunctionCallContent(_open[^1], "nested"));
        }

        if (_random.Next(6) == 0)
        {
            contents.Add(new TextContent("beside"));
        }

        return new ChatMessage(_random.Next(8) == 0 ? ChatRole.User : ChatRole.Tool, contents);
    }

    private ToolApprovalRequestContent Request()
    {
        string id = _random.Next(4) == 0 ? "again" : NewId();
        ToolCallContent call = _random.Next(4) == 0 ? new McpServerToolCallContent(id, "t", "s") : new FunctionCallContent(id, "f");
        _requests.Add(new ToolApprovalRequestContent("ask " + id, call));
        return _requests[^1];
    }

    private ChatMessage Approving()
    {
        if (_requests.Count == 0)
        {
            return new ChatMessage(ChatRole.User, "nothing to approve");
        }

        ToolApprovalRequestContent request = _requests[_random.Next(_requests.Count)];
        _open.Add(request.ToolCall.CallId);
        return new ChatMessage(
            ChatRole.User,
            [request.CreateResponse(_random.Next(3) > 0), .. _random.Next(3) == 0 ? [new TextContent("and hurry")] : (AIContent[])[]]
        );
    }

    private ChatMessage Hosted()
    {
        string id = NewId();
        AIContent[] contents = [new CodeInterpreterToolCallContent(id), new CodeInterpreterToolResultContent(id), new TextContent("done")];
        return new ChatMessage(ChatRole.Assistant, [.. contents.Where(_ => _random.Next(4) > 0)]);
    }

    private string NewId() => FormattableString.Invariant($"c{++_calls}");
}
