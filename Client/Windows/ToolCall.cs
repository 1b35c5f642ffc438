namespace OrleansMemory.Client.Windows;

/// <summary>A call that needs a result.</summary>
/// <param name="body">The part that it stands in.</param>
internal sealed class ToolCall(WindowPart body, ToolUse use)
{
    /// <summary>The part that it stands in.</summary>
    public WindowPart Body => body;

    /// <summary>Which content of the message it is.</summary>
    public int Content => use.Content;

    /// <summary>Its id.</summary>
    public string Id => use.Id;

    /// <summary>Whether the model's service runs the tool itself.</summary>
    public bool IsHosted => use.IsHosted;

    /// <summary>The part with its result; <see langword="null"/> when it has none.</summary>
    public WindowPart? Answer { get; private set; }

    /// <summary>The id it gets in the window, where a newer call has its own; else <see langword="null"/>.</summary>
    public string? NewId { get; set; }

    /// <summary>Gives it its result. One that it has already is left out.</summary>
    /// <param name="content">Which content of the message the result is.</param>
    public void AnswerBy(WindowPart results, int content)
    {
        if (Answer is { } before)
        {
            int old = before.Answers.First(answer => answer.Value == this).Key;
            before.Answers.Remove(old);
            before.Remove(old);
        }

        Answer = results;
        results.Answers[content] = this;
    }
}
