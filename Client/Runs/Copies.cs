using Microsoft.Extensions.AI;

namespace OrleansMemory.Client.Runs;

/// <summary>
/// Copies of what belongs to a caller or to an inner client, which is never changed in place: a function-invoking client reads its updates
/// again after it gave them away, and takes a conversation id in one of them for the service's.
/// </summary>
/// <remarks>
/// Lists and maps of properties are copied; the contents in them are shared, because their consumers are to see the same objects.
/// </remarks>
internal static class Copies
{
    /// <summary>Copies a message.</summary>
    public static ChatMessage Of(ChatMessage message)
    {
        ChatMessage copy = message.Clone();
        copy.Contents = [.. message.Contents];
        copy.AdditionalProperties = message.AdditionalProperties?.Clone();
        return copy;
    }

    /// <summary>Copies an update.</summary>
    public static ChatResponseUpdate Of(ChatResponseUpdate update)
    {
        ChatResponseUpdate copy = update.Clone();
        copy.Contents = [.. update.Contents];
        copy.AdditionalProperties = update.AdditionalProperties?.Clone();

        // Its own Clone leaves this one out.
        copy.ContinuationToken = update.ContinuationToken;
        return copy;
    }

    /// <summary>Copies a response.</summary>
    /// <param name="conversationId">The conversation that the copy names.</param>
    public static ChatResponse Of(ChatResponse response, IList<ChatMessage> messages, string? conversationId) =>
        new(messages)
        {
            ConversationId = conversationId,
            ResponseId = response.ResponseId,
            ModelId = response.ModelId,
            CreatedAt = response.CreatedAt,
            FinishReason = response.FinishReason,
            Usage = response.Usage,
            ContinuationToken = response.ContinuationToken,
            RawRepresentation = response.RawRepresentation,
            AdditionalProperties = response.AdditionalProperties?.Clone(),
        };
}
