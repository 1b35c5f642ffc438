using OrleansMemory.Client.Errors;
using OrleansMemory.Client.Windows;
using OrleansMemory.Conversations;
using OrleansMemory.Errors;

namespace OrleansMemory.Client;

public sealed partial class Conversation
{
    /// <summary>Reads the window of the conversation: what a model would be sent of it. The log is read backwards, only as far as the
    /// window reaches.</summary>
    /// <param name="window">The window.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>The messages of the window, oldest first.</returns>
    /// <exception cref="ConversationNotFoundException">There is no such conversation, or it has expired.</exception>
    /// <exception cref="WindowTooSmallException">The system messages alone do not fit.</exception>
    /// <exception cref="UnreadableMessageException">A message has contents that the client's serializer options cannot read.</exception>
    public async Task<IReadOnlyList<ConversationMessage>> GetWindowAsync(ConversationWindow window, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(window);
        Head head = await GetHeadAsync(cancellationToken) ?? throw new ConversationNotFoundException(Key);
        var loading = new WindowLoading(this, window, head);
        await loading.BeginAsync(cancellationToken);
        return (await loading.DecideAsync([], reserved: default, cancellationToken)).Messages;
    }

    /// <summary>Reads the newest messages that fit a number of tokens, as they are stored; see <see cref="TokenPage"/>.</summary>
    /// <param name="maxTokens">The most tokens, 1 or more.</param>
    /// <param name="limit">The most messages, 1 to 1,000.</param>
    /// <param name="order">The order of the answer.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>The page.</returns>
    /// <exception cref="ConversationNotFoundException">There is no such conversation, or it has expired.</exception>
    internal Task<MessagePage> GetNewestWithinAsync(long maxTokens, int limit, MessageOrder order, CancellationToken cancellationToken) =>
        new TokenPage(this, maxTokens, limit).ReadAsync(order, cancellationToken);

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
            static (state, token) => state._grain.GetTurnAsync(state.turnId, token), (_grain, turnId), cancellationToken);
    }
}
