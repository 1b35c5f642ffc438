using System.Text.Json;
using Microsoft.Extensions.AI;
using OrleansMemory.Client.Agents.Errors;
using OrleansMemory.Client.Agents.States;
using OrleansMemory.Client.Windows;

namespace OrleansMemory.Client.Agents;

/// <summary>Keeps messages in the memory of this process, and nowhere else: what is not serialized is gone with it.</summary>
/// <remarks>
/// Ports Agent Framework's <c>ChatMessageStore</c>. Unlike there, listing returns a copy: a run sees the history as it was when the run started. A reducer
/// shapes what is listed and destroys nothing; Agent Framework's trigger after adding, which replaces what is stored, is not offered. Not for concurrent use.
/// </remarks>
public sealed class InMemoryChatMessageStore : IChatMessageStore
{
    private readonly IChatReducer? _reducer;
    private readonly ChatMessageFormat _format;
    private readonly HashSet<string> _turnIds = new(StringComparer.Ordinal);
    private readonly List<ChatMessage> _messages;

    /// <summary>Makes a store.</summary>
    /// <param name="messages">Its first messages; <see langword="null"/> for none. The list is copied.</param>
    /// <param name="reducer">Shapes what is listed; <see langword="null"/> lists everything.</param>
    /// <param name="format">How contents are written to a state; <see langword="null"/> takes <see cref="ChatMessageFormat.Default"/>.</param>
    public InMemoryChatMessageStore(IEnumerable<ChatMessage>? messages = null, IChatReducer? reducer = null, ChatMessageFormat? format = null)
    {
        _messages = messages is null ? [] : [.. messages];
        _reducer = reducer;
        _format = format ?? ChatMessageFormat.Default;
    }

    /// <summary>All messages, oldest first: the list itself, which later additions change.</summary>
    public IList<ChatMessage> Messages => _messages;

    /// <summary>Makes a store from a state.</summary>
    /// <param name="state">The state; see <see cref="SerializeAsync"/>.</param>
    /// <param name="reducer">Shapes what is listed; <see langword="null"/> lists everything.</param>
    /// <param name="format">How contents are read from a state; <see langword="null"/> takes <see cref="ChatMessageFormat.Default"/>.</param>
    /// <returns>The store.</returns>
    /// <exception cref="AgentThreadException">It is no state of such a store.</exception>
    public static InMemoryChatMessageStore Deserialize(JsonElement state, IChatReducer? reducer = null, ChatMessageFormat? format = null) =>
        new(MessageStoreState.Read(state, format ?? ChatMessageFormat.Default), reducer, format);

    /// <inheritdoc />
    public ValueTask<IReadOnlyList<ChatMessage>> ListMessagesAsync(CancellationToken cancellationToken = default) =>
        ListMessagesAsync([], cancellationToken);

    /// <summary>
    /// Lists the messages as a model may be given them: by the rules of <see cref="ConversationWindow"/>, all of them unless the reducer chooses.
    /// <see cref="Messages"/> are raw.
    /// </summary>
    /// <param name="newInput">The input of the run.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>The messages, without the input. What the input answers is listed last.</returns>
    public ValueTask<IReadOnlyList<ChatMessage>> ListMessagesAsync(IReadOnlyList<ChatMessage> newInput, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(newInput);
        AskedMessages asked = ConversationWindow.Everything.Ask([.. _messages], newInput);
        return new ValueTask<IReadOnlyList<ChatMessage>>(ReducedHistory.OfAsync(_reducer, asked.History, asked.Awaiting, newInput, cancellationToken));
    }

    /// <summary>Adds messages. A turn id that this instance has seen before adds nothing; a state does not carry turn ids.</summary>
    /// <param name="messages">The messages, in order.</param>
    /// <param name="turnId">Names the addition; <see langword="null"/> names a new one.</param>
    /// <param name="cancellationToken">Not looked at: there is nothing to wait for.</param>
    /// <returns>A task that is complete.</returns>
    public ValueTask AddMessagesAsync(IEnumerable<ChatMessage> messages, string? turnId = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(messages);
        ChatMessage[] added = [.. messages];
        if (Array.IndexOf(added, null!) >= 0)
        {
            throw new ArgumentException("A message is null.", nameof(messages));
        }

        if (turnId is null || _turnIds.Add(turnId))
        {
            _messages.AddRange(added);
        }

        return ValueTask.CompletedTask;
    }

    /// <summary>
    /// Writes all messages: <c>{"type":"chat_message_store_state","messages":[…]}</c>, each message in Agent Framework's form. Contents for which that has no
    /// form are kept in Microsoft.Extensions.AI's, under the type <c>ai_content</c>.
    /// </summary>
    /// <param name="cancellationToken">Not looked at: there is nothing to wait for.</param>
    /// <returns>The state. It holds all content in the clear.</returns>
    public ValueTask<JsonElement> SerializeAsync(CancellationToken cancellationToken = default) =>
        ValueTask.FromResult(MessageStoreState.Write(_messages, _format));

    /// <summary>Takes over the messages of a state in place of its own; a state without messages leaves them as they are.</summary>
    /// <param name="state">The state; see <see cref="SerializeAsync"/>.</param>
    /// <param name="cancellationToken">Not looked at: there is nothing to wait for.</param>
    /// <returns>A task that is complete.</returns>
    /// <exception cref="AgentThreadException">It is no state of such a store. The messages are left as they are.</exception>
    public ValueTask UpdateFromStateAsync(JsonElement state, CancellationToken cancellationToken = default)
    {
        if (state.ValueKind != JsonValueKind.Null && MessageStoreState.Read(state, _format) is { Count: > 0 } messages)
        {
            _messages.Clear();
            _messages.AddRange(messages);
        }

        return ValueTask.CompletedTask;
    }
}
