using OrleansMemory.Client.Errors;
using OrleansMemory.Client.Transfer;
using OrleansMemory.Conversations;
using OrleansMemory.Errors;

namespace OrleansMemory.Client;

public sealed partial class Conversation
{
    /// <summary>Makes a new conversation that shares this one's messages up to a sequence and has copies of its entries and settings.</summary>
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

    /// <summary>Deletes the conversation: its messages, entries and turn ids. Forks stay whole; <see cref="DeleteRequest.CutForks"/> takes from them what they
    /// share.</summary>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>What was removed. After a retry it may say that there was nothing, because the attempt before had removed it.</returns>
    /// <remarks>It asks first which conversation there is, so that no retry deletes another one that has begun under the same id meanwhile.</remarks>
    /// <example>
    /// <code>
    /// DeleteReceipt deleted = await conversation.DeleteAsync();
    /// </code>
    /// </example>
    public Task<DeleteReceipt> DeleteAsync(CancellationToken cancellationToken = default) => DeleteAsync(DeleteRequest.Whatever, cancellationToken);

    /// <summary>Deletes the conversation that the caller saw. Asking again changes nothing once it is gone.</summary>
    /// <param name="request">The version or life that was seen. Without a life it is that of the conversation that is found before the first attempt.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>What was removed. After a retry it may say that there was nothing, because the attempt before had removed it.</returns>
    /// <exception cref="VersionConflictException">The conversation has another version than the expected one. Nothing was removed.</exception>
    public async Task<DeleteReceipt> DeleteAsync(DeleteRequest request, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(request);
        DateTimeOffset? life = request.ExpectedLife ?? (await GetHeadAsync(cancellationToken))?.CreatedAt;
        DeleteRequest pinned = request with { ExpectedLife = life, ExpectedVersion = request.ExpectedVersion ?? (life is null ? 0 : null) };
        try
        {
            return await _retry.ExecuteAsync(
                static (state, token) => state._grain.DeleteAsync(state.pinned, token), (_grain, pinned), cancellationToken);
        }
        catch (VersionConflictException) when (request.ExpectedVersion is null && life is null)
        {
            // It began after we had seen that there was none, so it is not the one to delete.
            return new DeleteReceipt { Existed = false };
        }
    }

    /// <summary>
    /// Writes the whole conversation, as of now, as one JSON document, in bounded memory. The stream is flushed and left open.
    /// </summary>
    /// <param name="destination">Where to write.</param>
    /// <param name="cancellationToken">Ends the export.</param>
    /// <returns>A task that ends when all is written.</returns>
    /// <remarks>The document holds all content in the clear; it is as private as the conversation.</remarks>
    /// <exception cref="ConversationNotFoundException">There is no such conversation, or it has expired; nothing was written.</exception>
    /// <exception cref="ConversationChangedException">Messages were dropped in the meantime; what was written is not a whole export.</exception>
    /// <example>
    /// <code>
    /// await using FileStream file = File.Create("trip.jsonl");
    /// await conversation.ExportAsync(file);
    /// </code>
    /// </example>
    public Task ExportAsync(Stream destination, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(destination);
        return new ConversationExporter(this, _time).WriteAsync(destination, cancellationToken);
    }

    /// <summary>
    /// Makes this conversation, which must not exist, from an exported one: sequences, ids and instants are kept. The document is read in
    /// bounded memory, and nothing is visible before its end.
    /// </summary>
    /// <param name="source">Where to read; it is left open.</param>
    /// <param name="cancellationToken">Ends the import.</param>
    /// <returns>The head of the new conversation.</returns>
    /// <exception cref="InvalidRequestException">The document is not an export of a version that this client knows.</exception>
    /// <exception cref="ConversationExistsException">The conversation exists.</exception>
    public Task<Head> ImportAsync(Stream source, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(source);
        return new ConversationImporter(_grain, _retry).ReadAsync(source, cancellationToken);
    }

    /// <summary>The same as <see cref="ForkAsync"/>, for who wants to know what came of it.</summary>
    /// <param name="newId">The id of the fork.</param>
    /// <param name="atSequence">The newest sequence to share; <see langword="null"/> shares all there are now.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>The head of the fork.</returns>
    public async Task<Head> ForkHeadAsync(string newId, long? atSequence = null, CancellationToken cancellationToken = default)
    {
        // Settled before the first attempt: a retry that shared a message more would not be taken for the same fork.
        long sequence = atSequence
            ?? (await GetHeadAsync(cancellationToken))?.LastSequence
            ?? throw new ConversationNotFoundException(Key);
        var request = new ForkRequest { NewId = newId, AtSequence = sequence };
        return await _retry.ExecuteAsync(
            static (state, token) => state._grain.ForkAsync(state.request, token), (_grain, request), cancellationToken);
    }
}
