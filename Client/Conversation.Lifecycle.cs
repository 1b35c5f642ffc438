using OrleansMemory.Conversations;
using OrleansMemory.Errors;

namespace OrleansMemory.Client;

public sealed partial class Conversation
{
    /// <summary>
    /// Makes a new conversation that shares this one's messages up to a sequence and has copies of its entries and settings.
    /// </summary>
    /// <param name="newId">The id of the fork, in the same tenant.</param>
    /// <param name="atSequence">The newest sequence to share; <see langword="null"/> shares all there are now.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>A handle to the fork.</returns>
    /// <exception cref="ConversationNotFoundException">There is no such conversation, or it has expired.</exception>
    /// <exception cref="ConversationExistsException">A conversation of the new id exists and is not this fork.</exception>
    /// <example>
    /// <code>
    /// Conversation other = await conversation.ForkAsync("trip-by-train", atSequence: 4);
    /// </code>
    /// </example>
    public async Task<Conversation> ForkAsync(string newId, long? atSequence = null, CancellationToken cancellationToken = default)
    {
        Conversation fork = _client.Get(Key.Tenant, newId);
        await ForkHeadAsync(newId, atSequence, cancellationToken);
        return fork;
    }

    /// <summary>Deletes the conversation: its messages, entries and turn ids. Forks stay whole; <see cref="DeleteRequest.CutForks"/> takes
    /// from them what they share.</summary>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>What was removed. After a retry it may say that there was nothing, because the attempt before had removed it.</returns>
    /// <remarks>
    /// It asks first which conversation there is, so that no retry deletes another one that has begun under the same id meanwhile.
    /// </remarks>
    /// <example>
    /// <code>
    /// DeleteReceipt deleted = await conversation.DeleteAsync();
    /// </code>
    /// </example>
    public Task<DeleteReceipt> DeleteAsync(CancellationToken cancellationToken = default) =>
        DeleteAsync(DeleteRequest.Whatever, cancellationToken);

    /// <summary>Deletes the conversation that the caller saw. Asking again changes nothing once it is gone.</summary>
    /// <param name="request">
    /// The version or life that was seen. Without a life it is that of the conversation that is found before the first attempt.
    /// </param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>What was removed. After a retry it may say that there was nothing, because the attempt before had removed it.</returns>
    /// <exception cref="VersionConflictException">
    /// The conversation has another version than the expected one. Nothing was removed.
    /// </exception>
    public async Task<DeleteReceipt> DeleteAsync(DeleteRequest request, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(request);
        DateTimeOffset? life = request.ExpectedLife ?? (await GetHeadAsync(cancellationToken))?.CreatedAt;
        DeleteRequest pinned = request with { ExpectedLife = life, ExpectedVersion = request.ExpectedVersion ?? (life is null ? 0 : null) };
        try
        {
            return await _retry.ExecuteAsync(
                static (state, token) => state._grain.DeleteAsync(state.pinned, token),
                (_grain, pinned),
                cancellationToken
            );
        }
        catch (VersionConflictException) when (request.ExpectedVersion is null && life is null)
        {
            // It began after we had seen that there was none, so it is not the one to delete.
            return new DeleteReceipt { Existed = false };
        }
    }

    /// <summary>The same as <see cref="ForkAsync"/>, for who wants to know what came of it.</summary>
    /// <param name="newId">The id of the fork.</param>
    /// <param name="atSequence">The newest sequence to share; <see langword="null"/> shares all there are now.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>The head of the fork.</returns>
    public async Task<Head> ForkHeadAsync(string newId, long? atSequence = null, CancellationToken cancellationToken = default)
    {
        // Settled before the first attempt: a retry that shared a message more would not be taken for the same fork.
        long sequence = atSequence ?? (await GetHeadAsync(cancellationToken))?.LastSequence ?? throw new ConversationNotFoundException(Key);
        var request = new ForkRequest { NewId = newId, AtSequence = sequence };
        return await _retry.ExecuteAsync(
            static (state, token) => state._grain.ForkAsync(state.request, token),
            (_grain, request),
            cancellationToken
        );
    }
}
