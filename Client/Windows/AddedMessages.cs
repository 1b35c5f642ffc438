using System.Collections.Immutable;
using Microsoft.Extensions.AI;

namespace OrleansMemory.Client.Windows;

/// <summary>
/// Messages that something else than the log adds to what a model is sent. The rules of a window hold for the whole request, so they are
/// read as a part of the history: a pair that they tear, and a call or an approval that nothing answers, are left out.
/// </summary>
internal static class AddedMessages
{
    private static readonly ChatRole Developer = new("developer");

    /// <summary>Takes what was added, as far as a model may be shown it by itself.</summary>
    /// <param name="given">What was added; it stays as it is. It may be default.</param>
    /// <returns>
    /// The messages without missing ones and missing contents, torn pairs left out. A role that no provider knows becomes the user's: what
    /// was added is data.
    /// </returns>
    public static ImmutableArray<ChatMessage> Of(ImmutableArray<ChatMessage> given) =>
        given.IsDefaultOrEmpty
            ? []
            : [.. ConversationWindow.Everything.Ask([.. given.Where(message => message is not null).Select(Known)], []).History];

    /// <summary>Puts what was added between the history and what the input answers, by the rules that hold for the history.</summary>
    /// <param name="history">The window.</param>
    /// <param name="added">What was added; see <see cref="Of"/>.</param>
    /// <param name="awaiting">What of the log the input answers.</param>
    /// <returns>All that the model is sent, in order.</returns>
    public static IReadOnlyList<ChatMessage> Between(
        IEnumerable<ChatMessage> history,
        ImmutableArray<ChatMessage> added,
        IEnumerable<ChatMessage> awaiting,
        IReadOnlyList<ChatMessage> input
    )
    {
        AskedMessages asked = ConversationWindow.Everything.Ask([.. history, .. added, .. awaiting], input);
        return [.. asked.History, .. asked.Asked];
    }

    private static ChatMessage Known(ChatMessage message)
    {
        bool known =
            message.Role == ChatRole.System
            || message.Role == Developer
            || message.Role == ChatRole.User
            || message.Role == ChatRole.Assistant
            || message.Role == ChatRole.Tool;
        if (known && message.Contents.All(content => content is not null))
        {
            return message;
        }

        ChatMessage copy = message.Clone();
        copy.Role = known ? message.Role : ChatRole.User;
        copy.Contents = [.. message.Contents.OfType<AIContent>()];
        return copy;
    }
}
