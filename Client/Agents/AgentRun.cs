using System.Collections.Immutable;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.Logging.Abstractions;
using OrleansMemory.Client.Agents.Errors;
using OrleansMemory.Client.Runs;
using OrleansMemory.Client.Windows;
using OrleansMemory.Conversations;

namespace OrleansMemory.Client.Agents;

/// <summary>One run of an agent: what the model is given, and what becomes of its answer.</summary>
/// <param name="thread">The thread.</param>
/// <param name="provider">What adds context; <see langword="null"/> when nothing does.</param>
/// <param name="messageStoreFactory">Makes the store of a thread that has none; <see langword="null"/> leaves that to the thread.</param>
/// <param name="turnId">Names the run; <see langword="null"/> names a new one.</param>
/// <param name="input">The input.</param>
/// <param name="options">The model's options, which are the run's own.</param>
internal sealed class AgentRun(
    AgentThread thread,
    ContextProvider? provider,
    Func<IChatMessageStore>? messageStoreFactory,
    string? turnId,
    ImmutableArray<ChatMessage> input,
    ChatOptions options)
{
    private ApprovalClaim? _claim;

    /// <summary>What the model is given: history, context, input.</summary>
    public ImmutableArray<ChatMessage> Messages { get; private set; }

    /// <summary>The model's options.</summary>
    public ChatOptions Options => options;

    /// <summary>Gathers what the model is given.</summary>
    /// <param name="instructions">The agent's instructions.</param>
    /// <param name="tools">The agent's tools.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>A task that ends when it is gathered.</returns>
    public async ValueTask PrepareAsync(string? instructions, ImmutableArray<AITool> tools, CancellationToken cancellationToken)
    {
        Identify();
        if (thread.MessageStore is ConversationChatMessageStore conversation)
        {
            await conversation.CheckAsync(input, cancellationToken);
            _claim = await ApprovalClaim.TakeAsync(conversation.Conversation, input, NullLogger.Instance, cancellationToken);
        }

        try
        {
            await GatherAsync(instructions, tools, cancellationToken);
        }
        catch
        {
            await ReleaseAsync();
            throw;
        }
    }

    private async ValueTask GatherAsync(string? instructions, ImmutableArray<AITool> tools, CancellationToken cancellationToken)
    {
        await AnnounceAsync(cancellationToken);
        AskedMessages asked = thread.MessageStore is { } store
            ? ConversationWindow.Everything.Ask(await store.ListMessagesAsync(input, cancellationToken), input)
            : new AskedMessages([], [], input);
        Context context = provider is null ? Context.Empty : await provider.InvokingAsync(input, cancellationToken);
        ImmutableArray<ChatMessage> added = AddedMessages.Of(context.Messages);
        Messages = thread.MessageStore is null || added.IsEmpty
            ? [.. asked.History, .. added, .. asked.Asked]
            : [.. AddedMessages.Between(asked.History, added, asked.Awaiting, input)];
        options.Instructions = JoinLines(instructions, options.Instructions, context.Instructions);
        AITool[] all = [.. tools, .. options.Tools ?? [], .. context.Tools];
        options.Tools = all.Length == 0 ? null : all;
    }

    /// <summary>Takes over the service's thread, and stores input and response together.</summary>
    /// <param name="response">The response.</param>
    /// <param name="cancellationToken">Ends the wait, not an addition that is already on its way.</param>
    /// <returns>A task that ends when they are stored.</returns>
    public async ValueTask StoreAsync(ChatResponse response, CancellationToken cancellationToken)
    {
        if (!string.IsNullOrWhiteSpace(response.ConversationId))
        {
            thread.ServiceThreadId = response.ConversationId;
            Identify();
            await AnnounceAsync(cancellationToken);
        }
        else if (thread.ServiceThreadId is not null)
        {
            throw new AgentExecutionException("Service did not return a valid conversation id when using a service managed thread.");
        }
        else
        {
            thread.MessageStore ??= messageStoreFactory?.Invoke();
        }

        await thread.OnNewMessagesAsync([.. input, .. response.Messages], turnId, cancellationToken);
    }

    /// <summary>Tells the provider of the response.</summary>
    /// <param name="response">The response, which is stored.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>A task that ends when the provider is done.</returns>
    public async ValueTask SucceededAsync(ChatResponse response, CancellationToken cancellationToken)
    {
        await ReleaseAsync();
        if (provider is not null)
        {
            Identify();
            await provider.InvokedAsync(input, [.. response.Messages], null, cancellationToken);
        }
    }

    /// <summary>Tells the provider that the run has failed; also when it was cancelled, so the caller's token does not end this.</summary>
    /// <param name="failure">Why.</param>
    /// <returns>A task that ends when the provider is done.</returns>
    /// <exception cref="AggregateException">The provider failed as well: both failures.</exception>
    public async ValueTask FailedAsync(Exception failure)
    {
        await ReleaseAsync();
        if (provider is null)
        {
            return;
        }

        Identify();
        try
        {
            await provider.InvokedAsync(input, null, failure, CancellationToken.None);
        }
        catch (Exception second)
        {
            throw new AggregateException(failure, second);
        }
    }

    private Task ReleaseAsync() => _claim?.ReleaseAsync() ?? Task.CompletedTask;

    private void Identify()
    {
        ConversationKey? conversation = (thread.MessageStore as ConversationChatMessageStore)?.Conversation.Key;
        string? threadId = thread.ServiceThreadId ?? conversation?.Id ?? (thread.MessageStore is null ? null : thread.LocalId);
        new RunIdentity(threadId, conversation, turnId).Enter();
    }

    private async ValueTask AnnounceAsync(CancellationToken cancellationToken)
    {
        if (provider is not null && thread.ServiceThreadId is { } id && id != thread.AnnouncedThreadId)
        {
            await provider.ThreadCreatedAsync(id, cancellationToken);
            thread.AnnouncedThreadId = id;
        }
    }

    private static string? JoinLines(params string?[] parts)
    {
        string[] said = [.. parts.OfType<string>().Where(part => part.Length > 0)];
        return said.Length == 0 ? null : string.Join('\n', said);
    }
}
