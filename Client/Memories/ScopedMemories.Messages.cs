using Microsoft.Extensions.AI;
using OrleansMemory.Errors;
using OrleansMemory.Memories;

namespace OrleansMemory.Client.Memories;

public sealed partial class ScopedMemories
{
    /// <summary>
    /// Records what messages say, all of them or none: those of user, assistant and system that have a text or an image with a caption.
    /// </summary>
    /// <param name="messages">The messages, in the order in which they were said.</param>
    /// <param name="key">The recording's key, under which it may be sent again; <see langword="null"/> makes a new one.</param>
    /// <param name="conversationId">
    /// The conversation they come from, in the same tenant: the memories are deleted with it. <see langword="null"/> for none.
    /// </param>
    /// <param name="cancellationToken">Ends the wait, not a recording that is already on its way.</param>
    /// <returns>The ids; <see langword="null"/> when the messages say nothing, and nothing was recorded.</returns>
    /// <exception cref="RecordConflictException">The key was used before with other messages.</exception>
    /// <exception cref="PayloadTooLargeException">There are too many messages for one recording, or one is larger than allowed.</exception>
    public async Task<RecordReceipt?> RecordAsync(
        IEnumerable<ChatMessage> messages,
        string? key = null,
        string? conversationId = null,
        CancellationToken cancellationToken = default
    )
    {
        ArgumentNullException.ThrowIfNull(messages);
        return MemoryMessages.ToRequest(messages, metadata: null) is { } said
            ? await RecordAsync(said with { Key = key, ConversationId = conversationId }, cancellationToken)
            : null;
    }
}
