using Microsoft.Extensions.AI;

namespace OrleansMemory.Client.Windows;

/// <summary>A message on its way into a window.</summary>
/// <param name="IsSystem">Whether it is a system message.</param>
/// <param name="IsUser">Whether it is a user message.</param>
/// <param name="Tools">Its tool calls and results.</param>
/// <param name="Size">How large it is.</param>
internal sealed record WindowItem(bool IsSystem, bool IsUser, IReadOnlyList<ToolUse> Tools, WindowSize Size)
{
    /// <summary>Measures a message.</summary>
    /// <param name="message">The message.</param>
    /// <param name="countTokens">Counts the tokens of a text.</param>
    /// <returns>What a window must know of it.</returns>
    public static WindowItem Of(ChatMessage message, Func<string, int> countTokens) => new(
        message.Role == ChatRole.System, message.Role == ChatRole.User, ToolUse.In(message.Contents), MessageMeasure.Of(message, countTokens));
}
