namespace OrleansMemory.Client.Windows;

/// <summary>
/// Finds which result belongs to which call and which answer to which approval request, and leaves out whatever lacks its other half. It is
/// the one place that says what a model may be shown.
/// </summary>
/// <remarks>
/// <para>A result answers the newest call of its id before it that has none yet; of several such calls in one message the first. A further
/// result of the same call is left out, but for one of the new input: that takes the stored one's place.</para>
/// <para>Requests are shown only where the new input answers them, and such an answer only where its request is known and its call has no
/// result since. So a tool runs once for one approval.</para>
/// </remarks>
internal sealed class ToolPairs
{
    private readonly IReadOnlyList<WindowItem> _items;
    private readonly int _inputFrom;
    private readonly int _reachFrom;
    private readonly List<WindowPart> _parts = [];
    private readonly Dictionary<(bool IsHosted, string Id), List<ToolCall>> _open = [];
    private readonly Dictionary<(bool IsHosted, string Id), ToolCall> _newest = [];
    private readonly Dictionary<string, int> _lastResult = new(StringComparer.Ordinal);
    private readonly Dictionary<string, List<(WindowPart Part, ToolUse Use)>> _requests = new(StringComparer.Ordinal);

    /// <summary>Pairs.</summary>
    /// <param name="items">The messages, oldest first.</param>
    /// <param name="inputFrom">Where the new input begins; the number of messages when there is none.</param>
    public ToolPairs(IReadOnlyList<WindowItem> items, int inputFrom)
    {
        _items = items;
        _inputFrom = inputFrom;
        _reachFrom = inputFrom - WindowPlan.Reach;
        for (int i = 0; i < items.Count; i++)
        {
            foreach (WindowPart part in WindowPart.Of(i, items[i]))
            {
                Add(part);
            }
        }

        foreach (WindowPart part in _parts)
        {
            Approve(part);
        }

        foreach (ToolCall call in _open.Values.SelectMany(calls => calls))
        {
            call.Body.Remove(call.Content);
        }
    }

    /// <summary>The parts of all messages, in order, without what lacks its other half.</summary>
    public IReadOnlyList<WindowPart> Parts => _parts;

    /// <summary>Whether the input answers a call, or a request, that would have to stand before the first message.</summary>
    public bool LacksCall { get; private set; }

    /// <summary>Whether the input has a result that answers no open call.</summary>
    public bool LacksCallOfResult { get; private set; }

    private void Add(WindowPart part)
    {
        _parts.Add(part);
        WindowItem item = _items[part.Item];
        if (item.Tools.Count == 0)
        {
            return;
        }

        foreach (ToolCall call in part.Calls)
        {
            _newest[(call.IsHosted, call.Id)] = call;
            Open(call).Add(call);
        }

        foreach (int content in part.Contents)
        {
            if (item.UseOf(content) is not { } use)
            {
                continue;
            }

            if (use.Kind == ToolUseKind.Result)
            {
                _lastResult[use.Id] = part.Item;
                if (part.Kind == WindowPartKind.Results)
                {
                    Answer(part, use);
                }
            }
            else if (use.Kind == ToolUseKind.Request)
            {
                Requests(use.Id).Add((part, use));
            }
        }
    }

    private void Answer(WindowPart part, ToolUse use)
    {
        bool isInput = part.Item >= _inputFrom;
        (bool, string) key = (use.IsHosted, use.Id);
        ToolCall? call = _open.TryGetValue(key, out List<ToolCall>? open) ? Newest(open, isInput) : null;
        if (call is null && isInput)
        {
            // An open call may stand further back than what has been read.
            LacksCall = true;
            LacksCallOfResult = true;
            call =
                _newest.TryGetValue(key, out ToolCall? made) && made.Answer?.Item < _inputFrom && made.Body.Item >= _reachFrom
                    ? made
                    : null;
        }

        if (call is null)
        {
            part.Remove(use.Content);
            return;
        }

        open?.Remove(call);
        call.AnswerBy(part, use.Content);
    }

    private ToolCall? Newest(List<ToolCall> open, bool isInput)
    {
        if (open.Count == 0 || (isInput && open[^1].Body.Item < _reachFrom))
        {
            return null;
        }

        int first = open.Count - 1;
        while (first > 0 && open[first - 1].Body == open[^1].Body)
        {
            first--;
        }

        return open[first];
    }

    private void Approve(WindowPart part)
    {
        foreach (ToolUse use in _items[part.Item].Tools)
        {
            if (use.Kind is not (ToolUseKind.Request or ToolUseKind.Answer) || !part.Contents.Contains(use.Content))
            {
                continue;
            }

            if (use.Kind == ToolUseKind.Request)
            {
                // Until an answer is found; requests stand before their answers.
                part.Remove(use.Content);
            }
            else if (part.Item < _inputFrom || !Approve(use, part.Item))
            {
                part.Remove(use.Content);
            }
        }
    }

    private bool Approve(ToolUse answer, int item)
    {
        List<(WindowPart Part, ToolUse Use)> requests = Requests(answer.Id);
        int at = requests.FindLastIndex(request => request.Part.Item < item && request.Part.Item >= _reachFrom);
        if (at < 0)
        {
            LacksCall = true;
            return false;
        }

        (WindowPart part, ToolUse request) = requests[at];
        requests.RemoveRange(0, at + 1);
        if (request.CallId is { } callId && _lastResult.TryGetValue(callId, out int result) && result > part.Item)
        {
            return false;
        }

        part.Restore(request.Content);
        part.IsApproved = true;
        return true;
    }

    private List<ToolCall> Open(ToolCall call)
    {
        if (!_open.TryGetValue((call.IsHosted, call.Id), out List<ToolCall>? calls))
        {
            _open[(call.IsHosted, call.Id)] = calls = [];
        }

        return calls;
    }

    private List<(WindowPart Part, ToolUse Use)> Requests(string id)
    {
        if (!_requests.TryGetValue(id, out List<(WindowPart Part, ToolUse Use)>? requests))
        {
            _requests[id] = requests = [];
        }

        return requests;
    }
}
