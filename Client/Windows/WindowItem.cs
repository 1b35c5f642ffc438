using Microsoft.Extensions.AI;

namespace OrleansMemory.Client.Windows;

/// <summary>A message on its way into a window.</summary>
/// <param name="Tools">Its tool calls, results and approvals, in the order of its contents.</param>
/// <param name="Frame">How large it is without its contents.</param>
/// <param name="Contents">How large each of its contents is; they count as no message.</param>
/// <param name="Silent">Which of its contents are no message by themselves: blank text, reasoning, usage.</param>
internal sealed record WindowItem(
    ChatRole Role,
    IReadOnlyList<ToolUse> Tools,
    WindowSize Frame,
    IReadOnlyList<WindowSize> Contents,
    IReadOnlyList<int> Silent
)
{
    /// <summary>When it was made; <see langword="null"/> when that is not known.</summary>
    public DateTimeOffset? Created { get; init; }

    /// <summary>Whether it is a message by itself.</summary>
    public bool SaysSomething => Silent.Count < Contents.Count;

    /// <summary>How large it is.</summary>
    public WindowSize Size => Contents.Aggregate(Frame, static (size, content) => size + content);

    /// <summary>Measures a message.</summary>
    /// <returns>What a window must know of it.</returns>
    public static WindowItem Of(ChatMessage message, Func<string, int> countTokens)
    {
        IList<AIContent> contents = message.Contents;
        bool speaks = contents.All(Speaks);
        return new WindowItem(
            message.Role,
            ToolUse.In(contents),
            MessageMeasure.Frame(message, countTokens),
            [.. contents.Select(content => MessageMeasure.Of(content, countTokens))],
            speaks ? [] : [.. Enumerable.Range(0, contents.Count).Where(i => !Speaks(contents[i]))]
        )
        {
            Created = message.CreatedAt,
        };
    }

    /// <summary>What one content has to do with tools.</summary>
    /// <returns>The use; <see langword="null"/> when it has nothing to do with them.</returns>
    public ToolUse? UseOf(int content)
    {
        foreach (ToolUse use in Tools)
        {
            if (use.Content == content)
            {
                return use;
            }
        }

        return null;
    }

    /// <summary>Providers refuse messages with nothing but blank text or reasoning.</summary>
    private static bool Speaks(AIContent content) =>
        content switch
        {
            TextContent text => !string.IsNullOrWhiteSpace(text.Text),
            TextReasoningContent or UsageContent => false,
            _ => content.GetType() != typeof(AIContent),
        };
}
