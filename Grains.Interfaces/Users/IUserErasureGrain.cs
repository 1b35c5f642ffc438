using OrleansMemory.Conversations;
using OrleansMemory.Errors;

namespace OrleansMemory.Users;

/// <summary>Erases one user. The grain's key is <see cref="UserKey.ToString"/>.</summary>
[Alias("OrleansMemory.IUserErasureGrain")]
public interface IUserErasureGrain : IGrainWithStringKey
{
    /// <summary>
    /// Removes every conversation whose <see cref="ConversationSettings.UserId"/> is this user: messages, entries, turn ids, and what forks
    /// share; and every long-term memory of this user, or that was recorded from one of these conversations. It may be called again at any
    /// time; what is gone already is not counted again.
    /// </summary>
    /// <remarks>
    /// Every turn that was answered before this call is gone when it returns, from the store and from memory. A turn that is answered later
    /// may be the first of a new conversation, which holds nothing of before. An error means that something may be left: call again.
    /// </remarks>
    /// <param name="cancellationToken">Ends the erasure between two steps; what was removed stays removed.</param>
    /// <returns>What was removed.</returns>
    /// <exception cref="InvalidRequestException">The key is not valid.</exception>
    /// <exception cref="MemoryUnavailableException">
    /// The store, or an activation that must forget something, could not be reached.
    /// </exception>
    [Alias("Erase")]
    [ResponseTimeout("01:00:00")]
    Task<ErasureReceipt> EraseAsync(CancellationToken cancellationToken = default);
}
