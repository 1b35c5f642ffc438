using OrleansMemory.Conversations;
using OrleansMemory.Mcp.Results;

namespace OrleansMemory.Mcp.Conversations;

/// <summary>Conversations as data, and as a text for a model.</summary>
internal static class ConversationList
{
    private const int MaxTitleLength = 200;

    /// <summary>The data of a conversation.</summary>
    public static ListedConversation ToAnswer(Head head) =>
        new()
        {
            Id = head.Key.Id,
            Title = TitleOf(head),
            User = head.Settings.UserId,
            Agent = head.Settings.AgentId,
            MessageCount = head.MessageCount,
            LastSequence = head.LastSequence,
            UpdatedAt = head.UpdatedAt,
        };

    /// <summary>The title, as much of it as a list shows.</summary>
    /// <returns>The title; <see langword="null"/> where there is none.</returns>
    public static string? TitleOf(Head head) =>
        Fence.Clean(
            head.Settings.Title is { Length: > MaxTitleLength } title
                ? string.Concat(title.AsSpan(0, MaxTitleLength), "…")
                : head.Settings.Title
        );

    /// <summary>The text of a list, fenced.</summary>
    public static string Describe(IEnumerable<ListedConversation> conversations)
    {
        var fence = new Fence("conversations");
        foreach (ListedConversation conversation in conversations)
        {
            fence.Add(
                FormattableString.Invariant(
                    $"{conversation.Id} {Fence.Date(conversation.UpdatedAt)}, {conversation.MessageCount} messages"
                ),
                conversation.Title ?? ""
            );
        }

        return $"Conversations, each with its id, newest turn and title:\n{fence}";
    }
}
