namespace OrleansMemory.Client.Windows;

/// <summary>
/// Which messages belong together because one holds a tool call and another its result. A group is named by its first message; most
/// messages are a group of their own.
/// </summary>
/// <remarks>A result answers the newest call of its id that comes before it, since models use ids again.</remarks>
internal sealed class ToolGroups
{
    private readonly int[] _first;
    private readonly int[] _last;
    private readonly bool[] _orphaned;
    private readonly bool[] _unanswered;

    public ToolGroups(IReadOnlyList<WindowItem> items)
    {
        _first = [.. Enumerable.Range(0, items.Count)];
        _orphaned = new bool[items.Count];
        _unanswered = new bool[items.Count];
        var open = new HashSet<(int Index, string Id)>();
        Link(items, open);
        for (int i = 0; i < _first.Length; i++)
        {
            _first[i] = Root(i);
            _orphaned[_first[i]] |= _orphaned[i];
        }

        _last = [.. Enumerable.Range(0, items.Count)];
        for (int i = 0; i < _first.Length; i++)
        {
            _last[_first[i]] = i;
        }

        int tail = StartOfTail();
        foreach ((int index, _) in open.Where(call => !IsPending(call.Index, tail)))
        {
            _unanswered[_first[index]] = true;
        }
    }

    /// <summary>The first message of a message's group.</summary>
    /// <param name="index">The message.</param>
    /// <returns>Its group.</returns>
    public int GroupOf(int index) => _first[index];

    /// <summary>The last message of a group.</summary>
    /// <param name="group">The group.</param>
    /// <returns>The index of the message.</returns>
    public int LastOf(int group) => _last[group];

    /// <summary>Whether a group has a result whose call is not among the messages.</summary>
    /// <param name="group">The group.</param>
    /// <returns>Whether it has.</returns>
    public bool IsOrphaned(int group) => _orphaned[group];

    /// <summary>Whether a model would refuse a group: a call or a result lacks the other, and no run is still at it.</summary>
    /// <param name="group">The group.</param>
    /// <returns>Whether it is to be left out.</returns>
    public bool IsBroken(int group) => _orphaned[group] || _unanswered[group];

    private void Link(IReadOnlyList<WindowItem> items, HashSet<(int Index, string Id)> open)
    {
        var newest = new Dictionary<string, int>(StringComparer.Ordinal);
        for (int i = 0; i < items.Count; i++)
        {
            foreach (ToolUse use in items[i].Tools)
            {
                if (use.Kind != ToolUseKind.Result)
                {
                    newest[use.Id] = i;
                    if (use.Kind == ToolUseKind.OpenCall)
                    {
                        open.Add((i, use.Id));
                    }
                }
                else if (newest.TryGetValue(use.Id, out int call))
                {
                    open.Remove((call, use.Id));
                    int first = Math.Min(Root(call), Root(i));
                    _first[Root(i)] = first;
                    _first[Root(call)] = first;
                }
                else
                {
                    _orphaned[i] = true;
                }
            }
        }
    }

    private int Root(int index)
    {
        while (_first[index] != index)
        {
            _first[index] = _first[_first[index]];
            index = _first[index];
        }

        return index;
    }

    /// <summary>Where the messages begin that, up to the end, all belong to one group.</summary>
    private int StartOfTail()
    {
        int start = _first.Length - 1;
        while (start > 0 && _first[start - 1] == _first[^1])
        {
            start--;
        }

        return start;
    }

    /// <summary>Whether nothing but results of the same group comes after a call: a run waits for the others.</summary>
    private bool IsPending(int call, int tail) => _first[call] == _first[^1] && tail <= call + 1;
}
