namespace OrleansMemory.Client.Windows;

/// <summary>What is in a window together or not at all: what somebody says, with the results of its calls directly behind it.</summary>
internal sealed class WindowUnit
{
    /// <summary>What is said. Several parts, one after the other, become one message.</summary>
    public List<WindowPart> Bodies { get; } = [];

    /// <summary>The results, message by message, with what each of them says to this unit.</summary>
    public List<(WindowPart Part, List<int> Contents)> Results { get; } = [];

    /// <summary>The messages that it becomes.</summary>
    public List<WindowPiece> Pieces { get; } = [];

    /// <summary>Their size.</summary>
    public WindowSize Size { get; set; }

    /// <summary>Where it stands: at its calls.</summary>
    public int Item => Bodies[^1].Item;

    /// <summary>Its calls, in order.</summary>
    public IEnumerable<ToolCall> Calls => Bodies.SelectMany(body => body.Calls).Where(call => call.Answer is not null);

    /// <summary>Adds a content of a message with results.</summary>
    public void AddResult(WindowPart part, int content)
    {
        if (Results.Count == 0 || Results[^1].Part != part)
        {
            Results.Add((part, []));
        }

        Results[^1].Contents.Add(content);
    }
}
