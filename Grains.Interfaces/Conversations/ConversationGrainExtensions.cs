namespace OrleansMemory.Conversations;

/// <summary>Turns that change only the log.</summary>
public static class ConversationGrainExtensions
{
    /// <summary>Drops all but the newest messages, as one turn; see <see cref="Turn.KeepLast"/>.</summary>
    /// <param name="conversation">The conversation.</param>
    /// <param name="turnId">The turn's id.</param>
    /// <param name="keepLast">How many messages to keep at least, 0 or more.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>The receipt.</returns>
    public static Task<TurnReceipt> TruncateAsync(
        this IConversationGrain conversation,
        string turnId,
        int keepLast,
        CancellationToken cancellationToken = default
    )
    {
        ArgumentNullException.ThrowIfNull(conversation);
        return conversation.CommitAsync(new Turn { TurnId = turnId, KeepLast = keepLast }, cancellationToken);
    }

    /// <summary>Drops all messages, as one turn. Entries and settings stay, and sequences go on where they were.</summary>
    /// <param name="conversation">The conversation.</param>
    /// <param name="turnId">The turn's id.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>The receipt.</returns>
    public static Task<TurnReceipt> ClearAsync(
        this IConversationGrain conversation,
        string turnId,
        CancellationToken cancellationToken = default
    ) => conversation.TruncateAsync(turnId, 0, cancellationToken);
}
