using OrleansMemory.Mcp.Results;

namespace OrleansMemory.Mcp.Conversations;

/// <summary>Messages as a text for a model, fenced.</summary>
internal static class Transcript
{
    /// <summary>Writes messages.</summary>
    /// <param name="messages">The messages, in the order in which they are shown.</param>
    public static string Of(string conversationId, IEnumerable<MessageAnswer> messages)
    {
        var fence = new Fence("messages");
        foreach (MessageAnswer message in messages)
        {
            string date = message.CreatedAt is { } said ? " " + Fence.Date(said) : "";
            fence.Add(
                FormattableString.Invariant($"{message.Sequence}{date} {message.Role}{PartOf(message)}"),
                message.Text,
                message.Author
            );
        }

        return $"Conversation {conversationId}, each message with its sequence:\n{fence}";
    }

    private static string PartOf(MessageAnswer message) =>
        (message.TextOffset, message.Continues) switch
        {
            (null, null) => "",
            (null, _) => " (its beginning)",
            (_, null) => " (its end)",
            _ => " (a piece)",
        };
}
