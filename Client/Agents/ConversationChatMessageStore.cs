using System.Collections.Immutable;
using System.Text.Json;
using Microsoft.Extensions.AI;
using OrleansMemory.Client.Agents.Errors;
using OrleansMemory.Client.Agents.States;
using OrleansMemory.Client.Runs;
using OrleansMemory.Client.Windows;
using OrleansMemory.Conversations;
using OrleansMemory.Errors;

namespace OrleansMemory.Client.Agents;

/// <summary>
/// Keeps the messages of a thread in a conversation: durable, and shared with every other API that works on it. Its state is not the messages but the
/// conversation's name, from which another process or silo resumes.
/// </summary>
/// <remarks>
/// Takes the place of Agent Framework's <c>RedisChatMessageStore</c> and .NET <c>ChatMessageStore</c>s. It reads what others wrote, and shows as much as
/// <see cref="ConversationChatMessageStoreOptions"/> says. Messages are kept until they are truncated, deleted or expire; they are neither redacted nor
/// encrypted. What comes back was written by users and models: treat it as untrusted. An instance holds nothing and may be shared.
/// </remarks>
public sealed class ConversationChatMessageStore : IChatMessageStore
{
    private readonly ConversationChatMessageStoreOptions _options;

    /// <summary>Makes a store. Nothing is read or created by this; a conversation that does not exist is an empty one.</summary>
    /// <param name="conversation">The conversation.</param>
    /// <param name="options">What it shows; <see langword="null"/> takes the defaults.</param>
    /// <exception cref="ArgumentOutOfRangeException">An option is out of its range.</exception>
    public ConversationChatMessageStore(Conversation conversation, ConversationChatMessageStoreOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(conversation);
        _options = options ?? new ConversationChatMessageStoreOptions();
        if (_options.MaxMessages < 1)
        {
            throw new ArgumentOutOfRangeException(
                nameof(options), _options.MaxMessages, $"{nameof(ConversationChatMessageStoreOptions.MaxMessages)} must be 1 or more, or null.");
        }

        Conversation = conversation;
    }

    /// <summary>The conversation.</summary>
    public Conversation Conversation { get; }

    /// <summary>Makes a store from a state.</summary>
    /// <param name="state">The state; see <see cref="SerializeAsync"/>.</param>
    /// <param name="conversations">
    /// Where its conversation is found. A state names the tenant too: whoever takes states from users has to check that.
    /// </param>
    /// <param name="options">What it shows; <see langword="null"/> takes the defaults.</param>
    /// <returns>The store.</returns>
    /// <exception cref="AgentThreadException">It is no state of such a store.</exception>
    public static ConversationChatMessageStore Deserialize(
        JsonElement state, ConversationClient conversations, ConversationChatMessageStoreOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(conversations);
        return new ConversationChatMessageStore(conversations.Get(ConversationStoreState.Read(state)), options);
    }

    /// <inheritdoc />
    public ValueTask<IReadOnlyList<ChatMessage>> ListMessagesAsync(CancellationToken cancellationToken = default) =>
        ListMessagesAsync([], cancellationToken);

    /// <summary>Lists the messages as a model may be given them: by the rules of <see cref="ConversationWindow"/>, all messages alike.</summary>
    /// <param name="newInput">The input of the run.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>The messages, without the input. What the input answers is listed last.</returns>
    public async ValueTask<IReadOnlyList<ChatMessage>> ListMessagesAsync(
        IReadOnlyList<ChatMessage> newInput, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(newInput);
        LoadedWindow window = await Conversation.LoadWindowAsync(ConversationWindow.Newest(_options.MaxMessages), newInput, cancellationToken);
        ChatMessage[] history = [.. window.Messages.Select(message => message.Message)];
        ChatMessage[] awaiting = [.. window.Awaiting.Select(message => message.Message)];
        return await ReducedHistory.OfAsync(_options.Reducer, history, awaiting, newInput, cancellationToken);
    }

    /// <summary>
    /// Appends messages; they are durable when this returns. They may have been paid for, so whatever is in them is stored: what cannot be
    /// written, is not valid or is too large is replaced by a marked placeholder (see <see cref="ChatMessageFormat.PlaceholderProperty"/>).
    /// They are one turn as long as they fit one. More of them, such as a large state of another store, are appended in turns <c>id/1</c>, <c>id/2</c>… and <c>id</c>: added
    /// again under their id after a failure, they go on where that stopped.
    /// </summary>
    /// <param name="messages">The messages, in order.</param>
    /// <param name="turnId">The turn's id; <see langword="null"/> makes a new one.</param>
    /// <param name="cancellationToken">Ends the wait, not a turn that is already on its way.</param>
    /// <returns>A task that ends when they are durable.</returns>
    /// <exception cref="TurnConflictException">The turn id was used before with other messages.</exception>
    public async ValueTask AddMessagesAsync(
        IEnumerable<ChatMessage> messages, string? turnId = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(messages);
        ChatMessage[] added = [.. messages];
        if (added.Length > 0)
        {
            TurnLimits limits = await Conversation.GetLimitsAsync(cancellationToken);
            var keeping = new MessageKeeping(Conversation.Format, []);
            List<KeptMessage> kept = [.. added.Select(keeping.Keep)];
            keeping.Fit(kept, limits, (int.MaxValue, long.MaxValue));
            turnId ??= OrleansMemory.Client.Conversation.NewTurnId();
            var turn = new Turn { TurnId = turnId, Messages = [.. kept.Select(message => message.ToNewMessage())] };
            if (!TurnSize.Fits(turn, limits))
            {
                ImmutableArray<NewMessage>[] parts = [.. TurnSize.Parts(turn.Messages, limits)];
                await new MessageStaging(Conversation, turnId).AppendAsync(parts[..^1], expectedVersion: null, cancellationToken);
                turn = turn with { Messages = parts[^1] };
            }

            await Conversation.CommitAsync(turn, cancellationToken);
        }
    }

    /// <summary>Writes the conversation's name: <c>{"type":"conversation_chat_message_store_state","tenant":…,"id":…}</c>.</summary>
    /// <param name="cancellationToken">Not looked at: there is nothing to wait for.</param>
    /// <returns>The state. It holds no content.</returns>
    public ValueTask<JsonElement> SerializeAsync(CancellationToken cancellationToken = default) =>
        ValueTask.FromResult(ConversationStoreState.Write(Conversation.Key));

    /// <summary>Checks that a state names this store's conversation. There is nothing to take over: the messages are where they were.</summary>
    /// <param name="state">The state; see <see cref="SerializeAsync"/>.</param>
    /// <param name="cancellationToken">Not looked at: there is nothing to wait for.</param>
    /// <returns>A task that is complete.</returns>
    /// <exception cref="AgentThreadException">It is no state of such a store, or names another conversation.</exception>
    public ValueTask UpdateFromStateAsync(JsonElement state, CancellationToken cancellationToken = default)
    {
        bool empty = state.ValueKind == JsonValueKind.Null || (state.ValueKind == JsonValueKind.Object && !state.EnumerateObject().Any());
        return empty || ConversationStoreState.Read(state) == Conversation.Key
            ? ValueTask.CompletedTask
            : throw new AgentThreadException("The state names another conversation than this store's. Make a store of it by Deserialize.");
    }

    /// <summary>Refuses an input that could not be stored, before a model is paid to answer it.</summary>
    /// <param name="input">The input.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>A task that ends when it is checked.</returns>
    /// <exception cref="InvalidRequestException">A message cannot be stored.</exception>
    /// <exception cref="PayloadTooLargeException">The input is more than a turn may hold.</exception>
    internal async Task CheckAsync(IReadOnlyList<ChatMessage> input, CancellationToken cancellationToken) =>
        new InputWriting(Conversation.Format).Write(input, await Conversation.GetLimitsAsync(cancellationToken));
}
