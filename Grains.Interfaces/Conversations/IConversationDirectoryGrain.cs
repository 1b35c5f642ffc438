using OrleansMemory.Errors;

namespace OrleansMemory.Conversations;

/// <summary>The conversations of one tenant. The grain's key is the tenant.</summary>
/// <remarks>
/// Every method throws <see cref="InvalidRequestException"/> when the tenant or an argument is not valid and
/// <see cref="MemoryUnavailableException"/> when the store cannot be reached.
/// </remarks>
[Alias("OrleansMemory.IConversationDirectoryGrain")]
public interface IConversationDirectoryGrain : IGrainWithStringKey
{
    /// <summary>
    /// Lists conversations, the one with the newest turn first. A first page (without cursor) shows all that is durable. The pages that
    /// follow show every conversation that matched then exactly once and in the order of then, whatever turns come in between, save for
    /// those that were deleted, have expired or do not match any more. Expired conversations are never shown.
    /// </summary>
    /// <param name="query">Which conversations.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>The page.</returns>
    [Alias("List")]
    Task<ConversationListPage> ListAsync(ConversationListQuery query, CancellationToken cancellationToken = default);
}
