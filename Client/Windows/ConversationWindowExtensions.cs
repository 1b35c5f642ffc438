using Microsoft.Extensions.AI;
using OrleansMemory.Client.Errors;
using OrleansMemory.Conversations;
using OrleansMemory.Errors;

namespace OrleansMemory.Client.Windows;

/// <summary>Reads of conversations what a model may be sent.</summary>
public static class ConversationWindowExtensions
{
    /// <summary>
    /// Reads the window of the conversation: what a model may be sent of it, before further input that answers nothing. The log is read
    /// backwards, only as far as the window reaches.
    /// </summary>
    /// <param name="conversation">The conversation.</param>
    /// <param name="window">The window.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>
    /// The messages of the window, in an order that every provider takes: results stand directly behind their calls. None when there is no
    /// such conversation, or it has expired. A message of which only a part is shown is a copy with the sequence of its original; two may
    /// have one sequence. Contents that the client's serializer options cannot read are placeholders; see
    /// <see cref="ChatMessageFormat.PlaceholderProperty"/>.
    /// </returns>
    /// <exception cref="WindowTooSmallException">The system messages alone do not fit.</exception>
    public static Task<IReadOnlyList<ConversationMessage>> GetWindowAsync(
        this Conversation conversation,
        ConversationWindow window,
        CancellationToken cancellationToken = default
    ) => conversation.GetWindowAsync(window, [], cancellationToken);

    /// <summary>Reads the window of the conversation that new input is to follow: calls and approval requests that the input answers are in
    /// it, at its end.</summary>
    /// <param name="conversation">The conversation.</param>
    /// <param name="window">The bounds: how many messages, tokens and bytes, and how tokens are counted.</param>
    /// <param name="newInput">
    /// The input. It counts. It is not stored, and not part of what is returned: send it behind the window, tool results first.
    /// </param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>
    /// The messages of the window; see <see cref="GetWindowAsync(Conversation, ConversationWindow, CancellationToken)"/>.
    /// </returns>
    /// <exception cref="WindowTooSmallException">The system messages alone do not fit.</exception>
    /// <example>
    /// <code>
    /// var asked = new ChatMessage(ChatRole.User, "And back?");
    /// var window = new ConversationWindow(new ConversationWindowOptions { MaxMessages = 20 });
    /// IReadOnlyList&lt;ConversationMessage&gt; history = await conversation.GetWindowAsync(window, [asked]);
    /// ChatResponse response = await model.GetResponseAsync([.. history.Select(message =&gt; message.Message), asked]);
    /// </code>
    /// </example>
    public static async Task<IReadOnlyList<ConversationMessage>> GetWindowAsync(
        this Conversation conversation,
        ConversationWindow window,
        IEnumerable<ChatMessage> newInput,
        CancellationToken cancellationToken = default
    )
    {
        ArgumentNullException.ThrowIfNull(conversation);
        ArgumentNullException.ThrowIfNull(window);
        ArgumentNullException.ThrowIfNull(newInput);
        LoadedWindow loaded = await conversation.LoadWindowAsync(window, [.. newInput], cancellationToken);
        return [.. loaded.Messages, .. loaded.Awaiting];
    }

    /// <summary>Reads a window and puts the input behind it.</summary>
    /// <returns>The window; nothing but the input when there is no such conversation.</returns>
    internal static async Task<LoadedWindow> LoadWindowAsync(
        this Conversation conversation,
        ConversationWindow window,
        IReadOnlyList<ChatMessage> newInput,
        CancellationToken cancellationToken
    )
    {
        if (await conversation.GetHeadAsync(cancellationToken) is not { } head)
        {
            return LoadedWindow.Of(newInput);
        }

        try
        {
            var loading = new WindowLoading(conversation, window, head);
            await loading.BeginAsync(cancellationToken);
            return await loading.DecideAsync(newInput, reserved: default, cancellationToken);
        }
        catch (ConversationNotFoundException)
        {
            // Deleted since the head was read.
            return LoadedWindow.Of(newInput);
        }
    }

    /// <summary>
    /// Reads the newest messages that fit a number of tokens, as a page of the log that may be given to a model: without a hole, by the
    /// rules of <see cref="ConversationWindow"/>, but all messages count alike, system messages too.
    /// </summary>
    /// <param name="conversation">The conversation.</param>
    /// <param name="maxTokens">The most tokens, 1 or more, by the estimate of windows.</param>
    /// <param name="limit">The most messages, 1 to 1,000.</param>
    /// <param name="order">The order of the answer. Default: the oldest of them first.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>The page.</returns>
    /// <exception cref="InvalidRequestException">A number is out of its range.</exception>
    /// <exception cref="ConversationNotFoundException">There is no such conversation, or it has expired.</exception>
    public static Task<MessagePage> GetNewestWithinAsync(
        this Conversation conversation,
        long maxTokens,
        int limit,
        MessageOrder order = MessageOrder.Ascending,
        CancellationToken cancellationToken = default
    )
    {
        if (maxTokens < 1)
        {
            throw new InvalidRequestException("maxTokens", "maxTokens must be 1 or more.");
        }

        if (limit is < 1 or > 1_000)
        {
            throw new InvalidRequestException("limit", "limit must be 1 to 1000.");
        }

        return new TokenPage(conversation, maxTokens, limit).ReadAsync(order, cancellationToken);
    }
}
