using System.Runtime.CompilerServices;
using OrleansMemory.Client.Errors;
using OrleansMemory.Conversations;
using OrleansMemory.Errors;

namespace OrleansMemory.Client.Feed;

/// <summary>Follows conversations.</summary>
public static class ConversationFeedExtensions
{
    /// <summary>Follows the log as chat messages; see <see cref="SubscribeStoredAsync"/>.</summary>
    /// <param name="conversation">The conversation.</param>
    /// <param name="from">
    /// What is known already: the position of the last event that was applied, or <see cref="FeedPosition.Start"/> to be given everything;
    /// <see langword="null"/> for only what comes from now on.
    /// </param>
    /// <param name="cancellationToken">Ends the subscription.</param>
    /// <returns>The events.</returns>
    /// <exception cref="ConversationNotFoundException">There is no such conversation, or it has expired.</exception>
    /// <exception cref="InvalidRequestException">The position lies behind the log's end.</exception>
    /// <exception cref="UnreadableMessageException">A message has contents that the client's serializer options cannot read.</exception>
    /// <example>
    /// <code>
    /// await foreach (ConversationFeedEvent next in conversation.SubscribeAsync(FeedPosition.Start))
    /// {
    ///     Console.WriteLine(next.Message?.Message.Text ?? next.Kind.ToString());
    /// }
    /// </code>
    /// </example>
    public static async IAsyncEnumerable<ConversationFeedEvent> SubscribeAsync(
        this Conversation conversation,
        FeedPosition? from = null,
        [EnumeratorCancellation] CancellationToken cancellationToken = default
    )
    {
        await foreach (ConversationEvent next in conversation.SubscribeStoredAsync(from, cancellationToken))
        {
            yield return new ConversationFeedEvent
            {
                Kind = next.Kind,
                Position = next.Position,
                Message = next.Message is { } message ? conversation.ToConversationMessage(message) : null,
                FirstSequence = next.FirstSequence,
            };
        }
    }

    /// <summary>
    /// Follows the log: what lies behind the position, then what comes, until the conversation is deleted or expires. Whatever breaks the
    /// connection (the grain is deactivated, its host stops, another one takes over) goes unnoticed: the feed is opened again behind the
    /// last event, without gap and without repetition. It is given up when it breaks again and again without an event in between, within
    /// the bounds of the client's retries.
    /// </summary>
    /// <param name="conversation">The conversation.</param>
    /// <param name="from">
    /// What is known already: the position of the last event that was applied, or <see cref="FeedPosition.Start"/> to be given everything;
    /// <see langword="null"/> for only what comes from now on.
    /// </param>
    /// <param name="cancellationToken">Ends the subscription.</param>
    /// <returns>The events, read while they are consumed: a slow reader costs no memory.</returns>
    /// <exception cref="ConversationNotFoundException">There is no such conversation, or it has expired.</exception>
    /// <exception cref="InvalidRequestException">The position lies behind the log's end.</exception>
    public static async IAsyncEnumerable<ConversationEvent> SubscribeStoredAsync(
        this Conversation conversation,
        FeedPosition? from = null,
        [EnumeratorCancellation] CancellationToken cancellationToken = default
    )
    {
        await using ResumableFeed feed = await conversation.OpenFeedAsync(from, cancellationToken);
        while (await feed.MoveNextAsync(cancellationToken))
        {
            yield return feed.Current;
        }
    }

    /// <summary>
    /// Opens a feed and waits until it stands: for a reader that wants to know that before the first event comes, and where the feed began.
    /// See <see cref="SubscribeStoredAsync"/>.
    /// </summary>
    /// <param name="conversation">The conversation.</param>
    /// <param name="from">What is known already; <see langword="null"/> for only what comes from now on.</param>
    /// <param name="cancellationToken">Ends the feed.</param>
    /// <returns>The feed, which the caller disposes.</returns>
    /// <exception cref="ConversationNotFoundException">There is no such conversation, or it has expired.</exception>
    /// <exception cref="InvalidRequestException">The position lies behind the log's end.</exception>
    public static Task<ResumableFeed> OpenFeedAsync(
        this Conversation conversation,
        FeedPosition? from = null,
        CancellationToken cancellationToken = default
    ) => ResumableFeed.OpenAsync(conversation.Grain, conversation.Retry, conversation.Time, from, cancellationToken);
}
