using OrleansMemory.Client.Errors;

namespace OrleansMemory.Client.Windows;

/// <summary>Which of some messages, oldest first, make up a window.</summary>
/// <remarks>
/// Some messages are in every window: system messages, pinned ones, the newest user message and the last message, each with its group. For
/// a start s the window is these and
/// every group that lies wholly at s or behind it. Such windows contain one another, so the one with the smallest start that fits only
/// grows with the budget.
/// </remarks>
internal sealed class WindowPlan
{
    private readonly IReadOnlyList<WindowItem> _items;
    private readonly ToolGroups _groups;
    private readonly bool[] _fixed;
    private readonly bool[] _kept;

    private WindowPlan(IReadOnlyList<WindowItem> items)
    {
        _items = items;
        _groups = new ToolGroups(items);
        _fixed = new bool[items.Count];
        _kept = new bool[items.Count];
    }

    /// <summary>The first message that is in the window and not for its role or pin alone; the number of messages when there is
    /// none.</summary>
    public int Start { get; private set; }

    /// <summary>Whether the budget left something out, so that messages before the first one could not be in the window either.</summary>
    public bool IsFull { get; private set; }

    /// <summary>Whether a result that is pinned, or would be among the newest messages, lacks its call, which may stand before the first
    /// message.</summary>
    public bool LacksCall { get; private set; }

    /// <summary>Whether there is a user message that a model may see.</summary>
    public bool HasUser { get; private set; }

    /// <summary>Decides.</summary>
    /// <param name="items">The messages, oldest first.</param>
    /// <param name="pinnedFrom">From here on messages are in every window, as they are; the number of messages when none is.</param>
    /// <param name="budget">The bounds.</param>
    /// <param name="reserved">What else must fit.</param>
    /// <returns>The plan.</returns>
    /// <exception cref="WindowTooSmallException">The system messages alone do not fit.</exception>
    public static WindowPlan Make(IReadOnlyList<WindowItem> items, int pinnedFrom, WindowBudget budget, WindowSize reserved)
    {
        var plan = new WindowPlan(items);
        plan.Fix(pinnedFrom);
        WindowSize system = plan.Sum(i => items[i].IsSystem);
        if (!budget.Holds(system))
        {
            throw new WindowTooSmallException(system.Messages, system.Tokens, system.Bytes);
        }

        plan.Fill(budget, reserved + plan.Sum(i => plan._kept[i]));
        return plan;
    }

    /// <summary>Whether a message is in the window.</summary>
    /// <param name="index">The message.</param>
    /// <returns>Whether it is.</returns>
    public bool Keeps(int index) => _kept[index];

    private void Fix(int pinnedFrom)
    {
        for (int i = pinnedFrom; i < _items.Count; i++)
        {
            int group = _groups.GroupOf(i);
            _fixed[group] = true;
            LacksCall |= _groups.IsOrphaned(group);
        }

        FixNewest(static _ => true);
        HasUser = FixNewest(static item => item.IsUser);
        for (int i = 0; i < _items.Count; i++)
        {
            _kept[i] = _fixed[_groups.GroupOf(i)] || _items[i].IsSystem;
        }
    }

    /// <summary>Fixes the newest message of a kind that a model may see, with its group.</summary>
    private bool FixNewest(Predicate<WindowItem> kind)
    {
        for (int i = _items.Count - 1; i >= 0; i--)
        {
            int group = _groups.GroupOf(i);
            if (kind(_items[i]) && (_fixed[group] || !_groups.IsBroken(group)))
            {
                _fixed[group] = true;
                return true;
            }

            LacksCall |= kind(_items[i]) && _groups.IsOrphaned(group);
        }

        return false;
    }

    private void Fill(WindowBudget budget, WindowSize size)
    {
        WindowSize[] sizes = GroupSizes();
        int start = _items.Count;
        for (int i = _items.Count - 1; i >= 0; i--)
        {
            if (_groups.GroupOf(i) == i && !_fixed[i] && !_groups.IsBroken(i))
            {
                size += sizes[i];
                if (!budget.Holds(size))
                {
                    IsFull = true;
                    break;
                }
            }

            start = i;
        }

        Start = _items.Count;
        for (int i = _items.Count - 1; i >= start; i--)
        {
            int group = _groups.GroupOf(i);
            _kept[i] |= group >= start && !_groups.IsBroken(group);
            Start = _kept[i] && !_items[i].IsSystem ? i : Start;
        }
    }

    /// <summary>What each group adds to a window. System messages are there already.</summary>
    private WindowSize[] GroupSizes()
    {
        var sizes = new WindowSize[_items.Count];
        for (int i = 0; i < _items.Count; i++)
        {
            if (!_items[i].IsSystem)
            {
                sizes[_groups.GroupOf(i)] += _items[i].Size;
            }
        }

        return sizes;
    }

    private WindowSize Sum(Predicate<int> which)
    {
        WindowSize sum = default;
        for (int i = 0; i < _items.Count; i++)
        {
            sum += which(i) ? _items[i].Size : default;
        }

        return sum;
    }
}
