using OrleansMemory.Conversations;
using OrleansMemory.Errors;

namespace OrleansMemory.Client;

public sealed partial class Conversation
{
    /// <summary>
    /// Looks for messages by what they say. It sees every turn that was durable when it began. The first search of messages that were not
    /// searched before indexes them, which takes longer than the searches after it.
    /// </summary>
    /// <param name="query">What to look for.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>
    /// The page, newest first by sequence; <see cref="ConversationClient.Format"/> makes chat messages of the stored ones.
    /// </returns>
    /// <exception cref="ConversationNotFoundException">There is no such conversation, or it has expired.</exception>
    public Task<MessageSearchPage> SearchAsync(MessageSearchQuery query, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(query);
        return _retry.ExecuteAsync(
            static (state, token) => state._grain.SearchAsync(state.query, token),
            (_grain, query),
            cancellationToken
        );
    }
}
