using OrleansMemory.Client.Errors;

namespace OrleansMemory.Client.Windows;

/// <summary>Which of some messages, oldest first, make up a window, and in which order.</summary>
/// <remarks>
/// Some units are in every window: system messages, what the input answers, the input, the newest user message and the last message. For a
/// start s the window is these and every unit that stands at s or behind it. Such windows contain one another, so the one with the smallest
/// start that fits only grows with the budget. Where a unit stands and what it holds follows from newer messages alone, so a window does
/// not depend on how much of the log has been read for it.
/// </remarks>
internal sealed class WindowPlan
{
    /// <summary>How many of the newest messages are looked through for the newest user message and for what the input answers.</summary>
    public const int Reach = 2_000;

    /// <summary>After so many messages in a row of which nothing may be shown, a bounded window ends.</summary>
    private const int MostHidden = 10_000;

    private readonly WindowUnits _units;
    private readonly WindowRules _rules;
    private readonly int _inputFrom;
    private readonly bool[] _kept;
    private int _start;

    private WindowPlan(WindowUnits units, WindowRules rules, int inputFrom)
    {
        _units = units;
        _rules = rules;
        _inputFrom = inputFrom;
        _kept = new bool[units.History.Count];
        Start = inputFrom;
    }

    /// <summary>The window without the input and what that answers.</summary>
    public IEnumerable<WindowPiece> History => _units.History.Where((_, i) => _kept[i]).SelectMany(unit => unit.Pieces);

    /// <summary>How many messages of the window stand before <see cref="Start"/>.</summary>
    public int Older => _units.History.Where((unit, i) => _kept[i] && unit.Item < Start).Sum(unit => unit.Pieces.Count);

    /// <summary>What the input answers, and the input, as a model is to be shown them.</summary>
    public IEnumerable<WindowPiece> Asked => _units.Asked.SelectMany(unit => unit.Pieces);

    /// <summary>The first message that is in the window and not for its role or pin alone; where the input begins when there is
    /// none.</summary>
    public int Start { get; private set; }

    /// <summary>Whether the budget left something out, so that messages before the first one could not be in the window either.</summary>
    public bool IsFull { get; private set; }

    /// <summary>Whether nothing was left out, and there is no room for a further message.</summary>
    public bool HasNoRoom { get; private set; }

    /// <summary>Whether something that every window has may stand before the first message.</summary>
    public bool LacksAny { get; private set; }

    /// <summary>See <see cref="WindowUnits.IsInterrupted"/>.</summary>
    public bool IsInterrupted => _units.IsInterrupted;

    /// <summary>Decides.</summary>
    /// <param name="items">The messages, oldest first.</param>
    /// <param name="inputFrom">From here on messages are new input; the number of messages when there is none.</param>
    /// <exception cref="WindowTooSmallException">The system messages alone do not fit.</exception>
    public static WindowPlan Make(IReadOnlyList<WindowItem> items, int inputFrom, WindowRules rules)
    {
        var plan = new WindowPlan(new WindowUnits(items, inputFrom, rules.CountTokens), rules, inputFrom);
        plan.LacksAny = plan._units.LacksCall;
        if (!rules.IsPlain)
        {
            plan.Fix();
        }

        plan.Fill();
        return plan;
    }

    private void Fix()
    {
        List<WindowUnit> history = _units.History;
        WindowSize system = _units.Asked.Where(_units.IsSystem).Aggregate(default(WindowSize), static (sum, unit) => sum + unit.Size);
        for (int i = 0; i < history.Count; i++)
        {
            _kept[i] = _units.IsSystem(history[i]);
            system += _kept[i] ? history[i].Size : default;
        }

        if (!_rules.Budget.Holds(system))
        {
            throw new WindowTooSmallException(system.Messages, system.Tokens, system.Bytes);
        }

        if (history.Count > 0 && !_units.Asked.Any())
        {
            _kept[^1] = true;
        }

        if (!_units.Asked.Any(_units.IsUser))
        {
            int user = history.FindLastIndex(_units.IsUser);
            bool known = user >= 0 && history[user].Item >= _inputFrom - Reach;
            LacksAny |= !known;
            if (known)
            {
                _kept[user] = true;
            }
        }
    }

    private void Fill()
    {
        List<WindowUnit> history = _units.History;
        WindowSize size = _rules.Reserved + Sum(history.Where((_, i) => _kept[i]));
        size += Sum(_rules.IsPlain ? Asked(isInput: false) : _units.Asked);
        _start = history.Count;
        int last = _inputFrom;
        for (int i = history.Count - 1; i >= 0 && !IsFull; i--)
        {
            WindowSize with = size + (_kept[i] ? default : history[i].Size);
            IsFull = IsHidden(last - history[i].Item) || !_rules.Budget.Holds(with);
            if (!IsFull)
            {
                size = with;
                last = history[i].Item;
                _start = i;
            }
        }

        IsFull |= _start == 0 && IsHidden(last);
        HasNoRoom = !IsFull && !_rules.Budget.Holds(size + new WindowSize(1, TokenEstimate.PerMessage, 0));
        for (int i = history.Count - 1; i >= _start; i--)
        {
            _kept[i] = true;
            Start = _rules.IsPlain || !_units.IsSystem(history[i]) ? history[i].Item : Start;
        }

        IEnumerable<WindowUnit> Asked(bool isInput) => _units.Asked.Where(unit => unit.Item >= _inputFrom == isInput);
    }

    private bool IsHidden(int messages) => messages > MostHidden && _rules.Budget != default;

    private static WindowSize Sum(IEnumerable<WindowUnit> units) =>
        units.Aggregate(default(WindowSize), static (sum, unit) => sum + unit.Size);
}
