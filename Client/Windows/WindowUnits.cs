using System.Globalization;
using Microsoft.Extensions.AI;

namespace OrleansMemory.Client.Windows;

/// <summary>Messages as units in an order that every provider takes. The oldest one has the least index.</summary>
/// <remarks>
/// A unit stands where its calls stand, however late their results came. Only what the new input answers stands elsewhere: directly before
/// the input, with the results that are there already, and as one message where several messages made the calls.
/// </remarks>
internal sealed class WindowUnits
{
    private readonly IReadOnlyList<WindowItem> _items;
    private readonly int _inputFrom;
    private readonly Func<string, int> _countTokens;
    private readonly Dictionary<WindowPart, WindowUnit> _units = [];
    private readonly List<WindowUnit> _requests = [];
    private readonly List<WindowUnit> _input = [];
    private WindowUnit? _waiting;

    /// <summary>Makes the units.</summary>
    /// <param name="items">The messages, oldest first.</param>
    /// <param name="inputFrom">Where the new input begins; the number of messages when there is none.</param>
    public WindowUnits(IReadOnlyList<WindowItem> items, int inputFrom, Func<string, int> countTokens)
    {
        _items = items;
        _inputFrom = inputFrom;
        _countTokens = countTokens;
        var pairs = new ToolPairs(items, inputFrom);
        LacksCall = pairs.LacksCall;
        Place(pairs.Parts);
        AddResults(pairs.Parts);
        OrderInput(pairs.Parts);
        Name();
        foreach (WindowUnit unit in History.Concat(Asked))
        {
            MakePieces(unit);
        }

        IsInterrupted = pairs.LacksCallOfResult || MessagesCameBetween();
    }

    /// <summary>What goes before the new input, in order.</summary>
    public List<WindowUnit> History { get; } = [];

    /// <summary>What the new input answers, and the input.</summary>
    public IEnumerable<WindowUnit> Asked => _requests.Concat(_input);

    /// <summary>See <see cref="ToolPairs.LacksCall"/>.</summary>
    public bool LacksCall { get; }

    /// <summary>Whether the input has results of calls that are not the newest of the log, or not there.</summary>
    public bool IsInterrupted { get; }

    /// <summary>Whether a unit is a question that a model may answer.</summary>
    /// <returns>Whether a user says something in it.</returns>
    public bool IsUser(WindowUnit unit)
    {
        WindowItem item = _items[unit.Item];
        return item.Role == ChatRole.User
            && unit.Bodies[^1].Kind == WindowPartKind.Body
            && (item.Tools.Count == 0 || unit.Bodies[^1].Kept.Any(content => item.UseOf(content) is null));
    }

    /// <summary>Whether a unit is a system message.</summary>
    public bool IsSystem(WindowUnit unit) => _items[unit.Item].Role == ChatRole.System && unit.Bodies[^1].Kind == WindowPartKind.Body;

    private void Place(IReadOnlyList<WindowPart> parts)
    {
        foreach (WindowPart part in parts)
        {
            if (part.Kind == WindowPartKind.Results || !part.IsVisible(_items[part.Item]))
            {
                continue;
            }

            bool isLog = part.Item < _inputFrom;
            if (isLog && part.Calls.Any(call => call.Answer?.Item >= _inputFrom))
            {
                _units[part] = _waiting ??= new WindowUnit();
                _waiting.Bodies.Add(part);
                continue;
            }

            var unit = new WindowUnit();
            unit.Bodies.Add(part);
            _units[part] = unit;
            if (isLog)
            {
                (part.IsApproved ? _requests : History).Add(unit);
            }
        }
    }

    /// <summary>
    /// What a tool message says beside its results goes with those of the newest call: older calls may stand before what has been read.
    /// </summary>
    private void AddResults(IReadOnlyList<WindowPart> parts)
    {
        foreach (WindowPart part in parts.Where(part => part.Kind == WindowPartKind.Results))
        {
            if (part.Answers.Count == 0)
            {
                continue;
            }

            WindowUnit newest = _units[part.Answers.Values.MaxBy(call => call.Body.Item)!.Body];
            foreach (int content in part.Kept)
            {
                (part.Answers.TryGetValue(content, out ToolCall? call) ? _units[call.Body] : newest).AddResult(part, content);
            }
        }
    }

    private void OrderInput(IReadOnlyList<WindowPart> parts)
    {
        foreach (WindowPart part in parts.Where(part => part.Item >= _inputFrom))
        {
            if (part.Kind != WindowPartKind.Results)
            {
                if (_units.TryGetValue(part, out WindowUnit? unit))
                {
                    _input.Add(unit);
                }
            }
            else if (_waiting is not null && !_input.Contains(_waiting) && part.Answers.Values.Any(call => _units[call.Body] == _waiting))
            {
                _input.Add(_waiting);
            }
        }
    }

    /// <summary>Call ids that are used again become unlike, because providers want them so; the newest call keeps its own.</summary>
    private void Name()
    {
        var used = new HashSet<string>(Asked.SelectMany(CallIds), StringComparer.Ordinal);
        var next = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (WindowUnit unit in Enumerable.Reverse(_input).Concat(Enumerable.Reverse(_requests)).Concat(Enumerable.Reverse(History)))
        {
            foreach (ToolCall call in unit.Calls.Where(call => !call.IsHosted && !used.Add(call.Id)))
            {
                int n = next.GetValueOrDefault(call.Id, 2);
                while (!used.Add(Numbered(call.Id, n)))
                {
                    n++;
                }

                call.NewId = Numbered(call.Id, n);
                next[call.Id] = n + 1;
            }
        }

        static string Numbered(string id, int n) => string.Create(CultureInfo.InvariantCulture, $"{id}_{n}");

        IEnumerable<string> CallIds(WindowUnit unit) =>
            unit.Bodies.SelectMany(body => body.Kept.Select(content => _items[body.Item].UseOf(content)?.CallId)).OfType<string>();
    }

    private void MakePieces(WindowUnit unit)
    {
        Dictionary<(int, int), string?> names = unit.Calls.ToDictionary(call => (call.Body.Item, call.Content), call => call.NewId);
        List<PieceContent> said =
        [
            .. unit.Bodies.SelectMany(body =>
                body.Kept.Select(content => new PieceContent(body.Item, content, names.GetValueOrDefault((body.Item, content))))
            ),
        ];
        WindowPart newest = unit.Bodies[^1];
        Add(unit, newest, said, unit.Bodies.Count == 1 && newest.IsWhole, newest.Kind == WindowPartKind.Calls ? ChatRole.Assistant : null);
        foreach ((WindowPart part, List<int> contents) in unit.Results)
        {
            List<PieceContent> results =
            [
                .. contents.Select(content => new PieceContent(part.Item, content, part.Answers.GetValueOrDefault(content)?.NewId)),
            ];
            bool isTool = contents.Any(content => part.Answers.TryGetValue(content, out ToolCall? call) && !call.IsHosted);
            Add(unit, part, results, part.IsWhole && contents.Count == part.Contents.Count, isTool ? ChatRole.Tool : ChatRole.Assistant);
        }
    }

    private void Add(WindowUnit unit, WindowPart part, List<PieceContent> contents, bool isWhole, ChatRole? role)
    {
        WindowItem item = _items[part.Item];
        ChatRole? other = role is { } given && given != item.Role ? given : null;
        var piece = new WindowPiece(
            part.Item,
            contents,
            isWhole && other is null && contents.TrueForAll(content => content.NewId is null),
            other
        );
        unit.Pieces.Add(piece);
        unit.Size += item.Frame + new WindowSize(0, 0, other is { } changed ? changed.Value.Length - item.Role.Value.Length : 0);
        foreach (PieceContent content in contents)
        {
            unit.Size += _items[content.Item].Contents[content.Content];
            if (content.NewId is { } id)
            {
                unit.Size +=
                    MessageMeasure.Of(id, _countTokens)
                    - MessageMeasure.Of(_items[content.Item].UseOf(content.Content)!.Value.Id, _countTokens);
            }
        }
    }

    /// <summary>
    /// Whether anything but results stands in the log behind calls that the input answers. What the same answer of the model said behind
    /// its calls, which has their instant, does not count.
    /// </summary>
    private bool MessagesCameBetween()
    {
        if (_waiting is null)
        {
            return false;
        }

        HashSet<int> results = [.. _waiting.Results.Select(result => result.Part.Item)];
        int first = _waiting.Bodies[0].Item;
        DateTimeOffset? made = _items[first].Created;
        bool sameAnswer = true;
        for (int i = first + 1; i < _inputFrom; i++)
        {
            sameAnswer = sameAnswer && _items[i].Role == ChatRole.Assistant && _items[i].Created == made;
            if (!sameAnswer && !results.Contains(i))
            {
                return true;
            }
        }

        return false;
    }
}
