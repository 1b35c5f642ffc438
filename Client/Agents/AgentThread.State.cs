using System.Text.Json;
using OrleansMemory.Client.Agents.Errors;
using OrleansMemory.Client.Agents.States;

namespace OrleansMemory.Client.Agents;

public sealed partial class AgentThread
{
    /// <summary>
    /// Writes the thread's state: <c>{"type":"agent_thread_state","service_thread_id":…,"chat_message_store_state":…}</c>, of which at most one is not null.
    /// </summary>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>The state. With a store in memory it holds all content in the clear.</returns>
    public async ValueTask<JsonElement> SerializeAsync(CancellationToken cancellationToken = default)
    {
        JsonElement? store = _messageStore is null ? null : await _messageStore.SerializeAsync(cancellationToken);
        return new AgentThreadState(_serviceThreadId, store).Write();
    }

    /// <summary>Makes a thread from a state, also one that another process wrote.</summary>
    /// <param name="state">The state; see <see cref="SerializeAsync"/>. A thread without anything has a state without anything.</param>
    /// <param name="messageStore">
    /// The store of the thread; <see langword="null"/> makes one: in memory, or of the conversation that the state names. Messages that the state carries are
    /// added to it. Not used when the state is of a service's thread.
    /// </param>
    /// <param name="conversations">Where a conversation that the state names is found; needed for such a state, unless its store is given.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>The thread.</returns>
    /// <exception cref="AgentThreadException">The state cannot be read, or the store cannot take it.</exception>
    public static async ValueTask<AgentThread> DeserializeAsync(
        JsonElement state,
        IChatMessageStore? messageStore = null,
        ConversationClient? conversations = null,
        CancellationToken cancellationToken = default)
    {
        AgentThreadState read = AgentThreadState.Read(state);
        var thread = new AgentThread { ServiceThreadId = Checked(read.ServiceThreadId) };
        if (read.Store is not { } store)
        {
            return thread;
        }

        if (messageStore is null)
        {
            thread.MessageStore = MakeStore(store, conversations);
            return thread;
        }

        try
        {
            await ResumeAsync(messageStore, store, cancellationToken);
        }
        catch (Exception failure) when (failure is not OperationCanceledException)
        {
            throw new AgentThreadException("Failed to deserialize the provided message store.", failure);
        }

        thread.MessageStore = messageStore;
        return thread;
    }

    /// <summary>
    /// Takes a state over into this thread: the service's thread id, or the messages, which are added to those it has. Taking over the same messages twice
    /// doubles them. Of a store that is a conversation nothing is added: the thread goes on in that conversation.
    /// </summary>
    /// <param name="state">The state; see <see cref="SerializeAsync"/>.</param>
    /// <param name="conversations">Where a conversation that the state names is found; needed for such a state when the thread has no store.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>A task that ends when it is done.</returns>
    /// <exception cref="AgentThreadException">The state cannot be read, or the thread is kept in the other way.</exception>
    public async ValueTask UpdateFromThreadStateAsync(
        JsonElement state, ConversationClient? conversations = null, CancellationToken cancellationToken = default)
    {
        AgentThreadState read = AgentThreadState.Read(state);
        ServiceThreadId = Checked(read.ServiceThreadId);
        if (read.Store is not { } store)
        {
            return;
        }

        if (_messageStore is null)
        {
            MessageStore = MakeStore(store, conversations);
        }
        else
        {
            await ResumeAsync(_messageStore, store, cancellationToken);
        }
    }

    private static IChatMessageStore MakeStore(JsonElement state, ConversationClient? conversations)
    {
        if (!ConversationStoreState.IsOne(state))
        {
            return InMemoryChatMessageStore.Deserialize(state);
        }

        return conversations is null
            ? throw new AgentThreadException("The state names a conversation. Pass the client that finds it, or its message store.")
            : ConversationChatMessageStore.Deserialize(state, conversations);
    }

    private static async ValueTask ResumeAsync(IChatMessageStore store, JsonElement state, CancellationToken cancellationToken)
    {
        if (MessageStoreState.IsOne(state))
        {
            await store.AddMessagesAsync(MessageStoreState.Read(state, ChatMessageFormat.Default), cancellationToken: cancellationToken);
        }
        else
        {
            await store.UpdateFromStateAsync(state, cancellationToken);
        }
    }

    private static string? Checked(string? serviceThreadId) =>
        serviceThreadId is null || !string.IsNullOrWhiteSpace(serviceThreadId)
            ? serviceThreadId
            : throw new AgentThreadException("This is not the state of a thread. service_thread_id: An id that is not blank, or null, is expected here.");
}
