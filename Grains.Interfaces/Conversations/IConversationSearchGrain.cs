using OrleansMemory.Errors;

namespace OrleansMemory.Conversations;

/// <summary>Looks for messages across conversations. The grain's key is the tenant.</summary>
/// <remarks>
/// A search sees every turn that was durable when it began. The first search of messages that were not searched before indexes them, which
/// takes longer than the searches after it; an interrupted one goes on where it was when it is repeated.
/// </remarks>
[Alias("OrleansMemory.IConversationSearchGrain")]
public interface IConversationSearchGrain : IGrainWithStringKey
{
    /// <summary>
    /// Looks for messages in all live conversations of a user. A message that several of them share through forks is found once: in the
    /// conversation that it was said in, or, where that is not among them, in the fork that was made first.
    /// </summary>
    /// <param name="userId">The user, 1 to 256 bytes of UTF-8.</param>
    /// <param name="query">What to look for.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>The page, newest first by the instants of the messages; an empty one for a user without conversations.</returns>
    /// <exception cref="InvalidRequestException">The tenant, the user, the text, the limit or the cursor is not valid.</exception>
    /// <exception cref="MemoryUnavailableException">The store cannot be reached.</exception>
    [Alias("SearchUser")]
    Task<MessageSearchPage> SearchUserAsync(string userId, MessageSearchQuery query, CancellationToken cancellationToken = default);
}
