using OrleansMemory.Client;
using OrleansMemory.Client.Json;
using OrleansMemory.Client.Windows;
using OrleansMemory.Conversations;

namespace OrleansMemory.Silo.Api.Documents;

/// <summary>What a model would be sent of a conversation.</summary>
/// <param name="Messages">The messages, in the order in which they would be sent: results stand directly behind their calls.</param>
/// <param name="Tokens">The tokens of all of them, by estimate.</param>
/// <param name="LeftOut">How many messages of the log are not among them, not even in part.</param>
internal sealed record WindowDocument(IReadOnlyList<WindowMessageDocument> Messages, long Tokens, long LeftOut)
{
    /// <summary>The document of a window.</summary>
    /// <param name="head">The conversation, as it was when the window was read.</param>
    /// <param name="messages">The window.</param>
    /// <returns>The document.</returns>
    public static WindowDocument Of(Head head, IReadOnlyList<ConversationMessage> messages)
    {
        WindowMessageDocument[] shown = [.. messages.Select(WindowMessageDocument.Of)];

        // A turn that came in between the two reads is in the window and not in the head.
        long known = messages
            .Select(static message => message.Sequence)
            .Distinct()
            .LongCount(sequence => sequence >= head.FirstSequence && sequence <= head.LastSequence);
        return new WindowDocument(shown, shown.Sum(static message => message.Tokens), head.MessageCount - known);
    }
}

/// <summary>A message of a window.</summary>
/// <param name="Tokens">Its tokens, by estimate: 4 a message, and about a token for four letters or one CJK character.</param>
/// <param name="Message">The message. Of one that goes in part, only that part; it keeps its sequence, and two may have one.</param>
internal sealed record WindowMessageDocument(long Tokens, MessageDocument Message)
{
    /// <summary>The document of a message.</summary>
    /// <param name="shown">The message.</param>
    /// <returns>The document.</returns>
    public static WindowMessageDocument Of(ConversationMessage shown)
    {
        NewMessage message = ChatMessageFormat.Default.ToNewMessage(shown.Message);
        return new WindowMessageDocument(
            TokenEstimate.Of(shown.Message),
            new MessageDocument
            {
                Sequence = shown.Sequence,
                MessageId = message.Id ?? string.Empty,
                Role = message.Role,
                AuthorName = message.Author,
                CreatedAt = message.Created ?? default,
                Contents = message.Contents,
                AdditionalProperties = message.Metadata,
            }
        );
    }
}
