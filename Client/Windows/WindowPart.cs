using Microsoft.Extensions.AI;

namespace OrleansMemory.Client.Windows;

/// <summary>
/// Contents of one message that stand together in whatever becomes of it. Most messages have one part. Results are parts of their own,
/// because they belong behind their calls; so are calls in a message that is not the model's, because only a model makes calls.
/// </summary>
/// <param name="kind">What the part holds.</param>
internal sealed class WindowPart(int item, WindowPartKind kind)
{
    private HashSet<int>? _removed;

    /// <summary>The message.</summary>
    public int Item => item;

    /// <summary>What the part holds.</summary>
    public WindowPartKind Kind => kind;

    /// <summary>Which contents of the message, in order.</summary>
    public List<int> Contents { get; } = [];

    /// <summary>Its calls that need a result.</summary>
    public List<ToolCall> Calls { get; } = [];

    /// <summary>Whose result a content of it is.</summary>
    public Dictionary<int, ToolCall> Answers { get; } = [];

    /// <summary>Whether the message has no other part.</summary>
    public bool IsAlone { get; private set; }

    /// <summary>Whether a person's approval is asked for in it, and the new input gives it.</summary>
    public bool IsApproved { get; set; }

    /// <summary>Whether it is the message as it is.</summary>
    public bool IsWhole => IsAlone && _removed is null;

    /// <summary>What stays of its contents.</summary>
    public IEnumerable<int> Kept => _removed is null ? Contents : Contents.Where(content => !_removed.Contains(content));

    /// <summary>Takes a message apart.</summary>
    /// <returns>Its parts, in order; one at least.</returns>
    public static IReadOnlyList<WindowPart> Of(int index, WindowItem item)
    {
        if (item.Tools.Count == 0)
        {
            var all = new WindowPart(index, WindowPartKind.Body) { IsAlone = true };
            all.Contents.AddRange(Enumerable.Range(0, item.Contents.Count));
            return [all];
        }

        HashSet<int> done = DoneByTheService(item);
        bool answers = item.Role == ChatRole.Tool && item.Tools.Any(use => use.Kind == ToolUseKind.Result && !done.Contains(use.Content));
        var parts = new List<WindowPart>();
        for (int i = 0; i < item.Contents.Count; i++)
        {
            ToolUse? use = done.Contains(i) ? null : item.UseOf(i);
            WindowPartKind kind = use?.Kind switch
            {
                ToolUseKind.Result => WindowPartKind.Results,
                ToolUseKind.Call when item.Role != ChatRole.Assistant => WindowPartKind.Calls,
                _ => answers ? WindowPartKind.Results : WindowPartKind.Body,
            };
            if (parts.Count == 0 || parts[^1].Kind != kind)
            {
                parts.Add(new WindowPart(index, kind));
            }

            parts[^1].Contents.Add(i);
            if (use is { Kind: ToolUseKind.Call } call)
            {
                parts[^1].Calls.Add(new ToolCall(parts[^1], call));
            }
        }

        parts[0].IsAlone = parts.Count == 1;
        return parts;
    }

    /// <summary>Leaves a content out.</summary>
    public void Remove(int content) => (_removed ??= []).Add(content);

    /// <summary>Takes a content that was left out back in.</summary>
    public void Restore(int content)
    {
        if (_removed?.Remove(content) is true && _removed.Count == 0)
        {
            _removed = null;
        }
    }

    /// <summary>Whether a body is a message by itself. A tool says nothing without results.</summary>
    /// <returns>Whether it is to be shown.</returns>
    public bool IsVisible(WindowItem message) =>
        (kind == WindowPartKind.Calls || message.Role != ChatRole.Tool) && Kept.Any(content => !message.Silent.Contains(content));

    /// <summary>Calls that a service has made itself come with their results in one message: there they stay.</summary>
    private static HashSet<int> DoneByTheService(WindowItem item)
    {
        var done = new HashSet<int>();
        var open = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (ToolUse use in item.Tools)
        {
            if (use is { IsHosted: true, Kind: ToolUseKind.Call })
            {
                open[use.Id] = use.Content;
            }
            else if (use is { IsHosted: true, Kind: ToolUseKind.Result } && open.Remove(use.Id, out int call))
            {
                done.Add(call);
                done.Add(use.Content);
            }
        }

        return done;
    }
}
