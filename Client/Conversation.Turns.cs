using OrleansMemory.Client.Errors;
using OrleansMemory.Conversations;
using OrleansMemory.Errors;

namespace OrleansMemory.Client;

public sealed partial class Conversation
{
    private const int TurnPageMessages = 1_000;

    /// <summary>Reads what a committed turn appended: of a run its input and its response, in this order.</summary>
    /// <param name="turnId">The turn's id.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>
    /// The messages, oldest first, none for a turn that appended none; <see langword="null"/> when the turn has not been committed, when
    /// its id has been forgotten, or when there is no such conversation. They are what was stored, no window of it: a call in them may have
    /// its result in the turn that follows.
    /// </returns>
    /// <exception cref="TurnMessagesDroppedException">Some or all of its messages have been dropped since.</exception>
    /// <exception cref="UnreadableMessageException">A message has contents that the client's serializer options cannot read.</exception>
    public async Task<IReadOnlyList<ConversationMessage>?> GetTurnMessagesAsync(
        string turnId,
        CancellationToken cancellationToken = default
    ) => await GetStoredTurnMessagesAsync(turnId, cancellationToken) is { } stored ? [.. stored.Select(ToConversationMessage)] : null;

    /// <summary>Reads what a committed turn appended, as it is stored; see <see cref="GetTurnMessagesAsync"/>.</summary>
    /// <param name="turnId">The turn's id.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>The messages, oldest first; <see langword="null"/> when there is no such turn.</returns>
    /// <exception cref="TurnMessagesDroppedException">Some or all of its messages have been dropped since.</exception>
    public async Task<IReadOnlyList<Message>?> GetStoredTurnMessagesAsync(string turnId, CancellationToken cancellationToken = default)
    {
        try
        {
            return await GetTurnAsync(turnId, cancellationToken) is { } receipt ? await ReadTurnAsync(receipt, cancellationToken) : null;
        }
        catch (ConversationNotFoundException)
        {
            // It was deleted, or has expired, after the turn was found.
            return null;
        }
    }

    /// <summary>Reads the messages of a turn, page by page.</summary>
    /// <param name="receipt">The turn's receipt.</param>
    /// <returns>The messages, oldest first.</returns>
    /// <exception cref="ConversationNotFoundException">There is no such conversation, or it has expired.</exception>
    /// <exception cref="TurnMessagesDroppedException">Some or all of its messages have been dropped since.</exception>
    internal async Task<IReadOnlyList<Message>> ReadTurnAsync(TurnReceipt receipt, CancellationToken cancellationToken)
    {
        if (receipt is not { FirstSequence: { } first, LastSequence: { } last })
        {
            return [];
        }

        var messages = new List<Message>();
        for (long? after = first - 1; after is not null && after < last;)
        {
            MessagePage page = await GetStoredMessagesAsync(
                new MessageQuery
                {
                    After = after,
                    Before = last + 1,
                    Limit = TurnPageMessages,
                },
                cancellationToken
            );
            messages.AddRange(page.Messages);
            after = page.Next;
        }

        return messages.Count == last - first + 1 ? messages : throw new TurnMessagesDroppedException(receipt.Version);
    }

    /// <summary>Asks what became of a turn.</summary>
    /// <param name="turnId">The turn's id.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>
    /// The turn's receipt, marked as replayed; <see langword="null"/> when it has not been committed, when its id has been forgotten, or
    /// when there is no such conversation.
    /// </returns>
    public Task<TurnReceipt?> GetTurnAsync(string turnId, CancellationToken cancellationToken = default)
    {
        WellFormedText.Require(turnId, "turnId");
        return _retry.ExecuteAsync(
            static (state, token) => state._grain.GetTurnAsync(state.turnId, token),
            (_grain, turnId),
            cancellationToken
        );
    }
}
