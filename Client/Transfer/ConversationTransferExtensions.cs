using OrleansMemory.Client.Errors;
using OrleansMemory.Conversations;
using OrleansMemory.Errors;

namespace OrleansMemory.Client.Transfer;

/// <summary>Writes conversations out and reads them in.</summary>
public static class ConversationTransferExtensions
{
    /// <summary>
    /// Writes the whole conversation, as of now, as one JSON document, in bounded memory. The stream is flushed and left open.
    /// </summary>
    /// <param name="conversation">The conversation.</param>
    /// <param name="destination">Where to write.</param>
    /// <param name="cancellationToken">Ends the export.</param>
    /// <returns>A task that ends when all is written.</returns>
    /// <remarks>The document holds all content in the clear; it is as private as the conversation.</remarks>
    /// <exception cref="ConversationNotFoundException">There is no such conversation, or it has expired; nothing was written.</exception>
    /// <exception cref="ConversationChangedException">
    /// Messages were dropped in the meantime; what was written is not a whole export.
    /// </exception>
    /// <example>
    /// <code>
    /// await using FileStream file = File.Create("trip.jsonl");
    /// await conversation.ExportAsync(file);
    /// </code>
    /// </example>
    public static Task ExportAsync(this Conversation conversation, Stream destination, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(conversation);
        ArgumentNullException.ThrowIfNull(destination);
        return new ConversationExporter(conversation, conversation.Time).WriteAsync(destination, cancellationToken);
    }

    /// <summary>
    /// Makes this conversation, which must not exist, from an exported one: sequences, ids and instants are kept. The document is read in
    /// bounded memory, and nothing is visible before its end.
    /// </summary>
    /// <param name="conversation">The conversation, which does not exist yet.</param>
    /// <param name="source">Where to read; it is left open.</param>
    /// <param name="cancellationToken">Ends the import.</param>
    /// <returns>The head of the new conversation.</returns>
    /// <exception cref="InvalidRequestException">The document is not an export of a version that this client knows.</exception>
    /// <exception cref="ConversationExistsException">The conversation exists.</exception>
    public static Task<Head> ImportAsync(this Conversation conversation, Stream source, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(conversation);
        ArgumentNullException.ThrowIfNull(source);
        return new ConversationImporter(conversation.Grain, conversation.Retry).ReadAsync(source, cancellationToken);
    }
}
