using System.Runtime.CompilerServices;
using OrleansMemory.Client.Errors;
using OrleansMemory.Client.Retries;
using OrleansMemory.Conversations;
using OrleansMemory.Errors;

namespace OrleansMemory.Client;

public sealed partial class Conversation
{
    /// <summary>
    /// Reads a page of messages as chat messages, raw: as the log holds them, with calls whose results are elsewhere or nowhere. To a model
    /// give <c>GetWindowAsync</c> of <c>OrleansMemory.Client.Windows</c> instead.
    /// </summary>
    /// <param name="query">Which messages, and in which order; <see langword="null"/> reads the newest 50, oldest first.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>The page.</returns>
    /// <exception cref="ConversationNotFoundException">There is no such conversation, or it has expired.</exception>
    /// <exception cref="UnreadableMessageException">A message has contents that the client's serializer options cannot read.</exception>
    /// <example>
    /// <code>
    /// ConversationPage page = await conversation.GetMessagesAsync(new MessageQuery { Limit = 20 });
    /// foreach (ConversationMessage message in page.Messages)
    /// {
    ///     Console.WriteLine($"{message.Sequence} {message.Message.Role}: {message.Message.Text}");
    /// }
    /// </code>
    /// </example>
    public async Task<ConversationPage> GetMessagesAsync(MessageQuery? query = null, CancellationToken cancellationToken = default)
    {
        MessagePage page = await GetStoredMessagesAsync(query, cancellationToken);
        return new ConversationPage([.. page.Messages.Select(ToConversationMessage)], page.Next);
    }

    /// <summary>Reads a page of messages as they are stored.</summary>
    /// <param name="query">Which messages, and in which order; <see langword="null"/> reads the newest 50, oldest first.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>The page.</returns>
    /// <exception cref="ConversationNotFoundException">There is no such conversation, or it has expired.</exception>
    public Task<MessagePage> GetStoredMessagesAsync(MessageQuery? query = null, CancellationToken cancellationToken = default) =>
        _retry.ExecuteAsync(
            static (state, token) => state._grain.GetMessagesAsync(state.Item2, token),
            (_grain, query ?? MessageQuery.Newest),
            cancellationToken
        );

    /// <summary>Reads the newest message of an id, as it is stored. The cost does not depend on the length of the log.</summary>
    /// <param name="messageId">The id, 1 to 256 bytes of UTF-8. It is compared exactly.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>The message; <see langword="null"/> when no message in the log has the id.</returns>
    /// <exception cref="ConversationNotFoundException">There is no such conversation, or it has expired.</exception>
    public Task<Message?> FindStoredMessageAsync(string messageId, CancellationToken cancellationToken = default)
    {
        WellFormedText.Require(messageId, "messageId");
        return _retry.ExecuteAsync(
            static (state, token) => state._grain.FindMessageAsync(state.messageId, token),
            (_grain, messageId),
            cancellationToken
        );
    }

    /// <summary>
    /// Reads messages as a stream of chat messages, raw; see <see cref="GetMessagesAsync"/> and <see cref="StreamStoredMessagesAsync"/>.
    /// </summary>
    /// <param name="query">Which messages, and in which order; <see langword="null"/> reads all of them, oldest first.</param>
    /// <param name="cancellationToken">Ends the stream.</param>
    /// <returns>The messages.</returns>
    /// <exception cref="ConversationNotFoundException">There is no such conversation, or it has expired.</exception>
    /// <exception cref="UnreadableMessageException">A message has contents that the client's serializer options cannot read.</exception>
    public async IAsyncEnumerable<ConversationMessage> StreamMessagesAsync(
        MessageQuery? query = null,
        [EnumeratorCancellation] CancellationToken cancellationToken = default
    )
    {
        await foreach (Message message in StreamStoredMessagesAsync(query, cancellationToken))
        {
            yield return ToConversationMessage(message);
        }
    }

    /// <summary>
    /// Reads messages as a stream, as they are stored. What is appended after its start is not part of it. After a transient failure it
    /// goes on where it was.
    /// </summary>
    /// <param name="query">Which messages, and in which order; <see langword="null"/> reads all of them, oldest first.</param>
    /// <param name="cancellationToken">Ends the stream.</param>
    /// <returns>The messages, read while they are consumed.</returns>
    /// <exception cref="ConversationNotFoundException">There is no such conversation, or it has expired.</exception>
    public async IAsyncEnumerable<Message> StreamStoredMessagesAsync(
        MessageQuery? query = null,
        [EnumeratorCancellation] CancellationToken cancellationToken = default
    )
    {
        Head head = await GetHeadAsync(cancellationToken) ?? throw new ConversationNotFoundException(Key);
        var stream = new ResumableStream(_grain, _retry, query ?? new MessageQuery { After = 0 }, head.LastSequence);
        await using (stream)
        {
            while (await stream.MoveNextAsync(cancellationToken))
            {
                yield return stream.Current;
            }
        }
    }

    /// <summary>Drops all but the newest messages, as one turn. A tool call is never separated from its result.</summary>
    /// <param name="keepLast">How many messages to keep at least, 0 or more.</param>
    /// <param name="turnId">The turn's id; <see langword="null"/> makes a new one.</param>
    /// <param name="cancellationToken">Ends the wait, not a turn that is already on its way.</param>
    /// <returns>The receipt.</returns>
    public Task<TurnReceipt> TruncateAsync(int keepLast, string? turnId = null, CancellationToken cancellationToken = default) =>
        CommitAsync(new Turn { TurnId = turnId ?? NewTurnId(), KeepLast = keepLast }, cancellationToken);

    /// <summary>Drops all messages, as one turn. Entries and settings stay, and sequences go on where they were.</summary>
    /// <param name="turnId">The turn's id; <see langword="null"/> makes a new one.</param>
    /// <param name="cancellationToken">Ends the wait, not a turn that is already on its way.</param>
    /// <returns>The receipt.</returns>
    public Task<TurnReceipt> ClearAsync(string? turnId = null, CancellationToken cancellationToken = default) =>
        TruncateAsync(0, turnId, cancellationToken);

    /// <summary>Reads a page of messages for a model: what cannot be read of them is shown as placeholders.</summary>
    /// <param name="query">Which messages, and in which order.</param>
    /// <exception cref="ConversationNotFoundException">There is no such conversation, or it has expired.</exception>
    internal async Task<ConversationPage> GetShownMessagesAsync(MessageQuery query, CancellationToken cancellationToken)
    {
        MessagePage page = await GetStoredMessagesAsync(query, cancellationToken);
        return new ConversationPage(
            [.. page.Messages.Select(message => new ConversationMessage(message.Sequence, _client.Format.ToShownMessage(message)))],
            page.Next
        );
    }

    internal ConversationMessage ToConversationMessage(Message message) => new(message.Sequence, _client.Format.ToChatMessage(message));
}
