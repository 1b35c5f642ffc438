using System.Runtime.CompilerServices;
using Microsoft.Extensions.AI;
using OrleansMemory.Client.Agents.Errors;
using OrleansMemory.Client.Runs;

namespace OrleansMemory.Client.Agents;

public sealed partial class ChatAgent
{
    /// <summary>Runs the agent with a text of the user; see <see cref="RunAsync(IEnumerable{ChatMessage}, AgentThread?, AgentRunOptions?, CancellationToken)"/>.</summary>
    /// <param name="text">What the user says.</param>
    /// <param name="thread">The thread; <see langword="null"/> makes one that is forgotten afterwards.</param>
    /// <param name="options">What is special about the run; <see langword="null"/> for nothing.</param>
    /// <param name="cancellationToken">Ends the run.</param>
    /// <returns>What the model answered.</returns>
    public Task<ChatResponse> RunAsync(
        string text, AgentThread? thread = null, AgentRunOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(text);
        return RunAsync([new ChatMessage(ChatRole.User, text)], thread, options, cancellationToken);
    }

    /// <summary>Runs the agent with messages, in the order that <see cref="ChatAgent"/> describes.</summary>
    /// <param name="messages">The input, in order. It may be empty.</param>
    /// <param name="thread">The thread; <see langword="null"/> makes one that is forgotten afterwards.</param>
    /// <param name="options">What is special about the run; <see langword="null"/> for nothing.</param>
    /// <param name="cancellationToken">Ends the run.</param>
    /// <returns>What the model answered, once it is stored.</returns>
    /// <exception cref="AgentExecutionException">The thread is another service's thread than the agent's or the options', or the service names none.</exception>
    /// <exception cref="AgentThreadException">The thread has a message store, and the service keeps the messages too.</exception>
    public async Task<ChatResponse> RunAsync(
        IEnumerable<ChatMessage> messages,
        AgentThread? thread = null,
        AgentRunOptions? options = null,
        CancellationToken cancellationToken = default)
    {
        AgentRun run = await StartAsync(messages, thread, options, cancellationToken);
        ChatResponse response;
        try
        {
            response = Signed(await _chatClient.GetResponseAsync(run.Messages, run.Options, cancellationToken));
            await run.StoreAsync(response, cancellationToken);
        }
        catch (Exception failure)
        {
            await run.FailedAsync(failure);
            throw;
        }

        await run.SucceededAsync(response, cancellationToken);
        return response;
    }

    /// <summary>Runs the agent with a text of the user, as a stream; see the other overload.</summary>
    /// <param name="text">What the user says.</param>
    /// <param name="thread">The thread; <see langword="null"/> makes one that is forgotten afterwards.</param>
    /// <param name="options">What is special about the run; <see langword="null"/> for nothing.</param>
    /// <param name="cancellationToken">Ends the run.</param>
    /// <returns>What the model answers, piece by piece.</returns>
    public IAsyncEnumerable<ChatResponseUpdate> RunStreamingAsync(
        string text, AgentThread? thread = null, AgentRunOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(text);
        return RunStreamingAsync([new ChatMessage(ChatRole.User, text)], thread, options, cancellationToken);
    }

    /// <summary>
    /// Runs the agent with messages, in the order that <see cref="ChatAgent"/> describes, and streams what the model answers. It is stored when the stream has
    /// been read to its end. A stream that fails, or is not read to its end, stores nothing; the context provider is told so.
    /// </summary>
    /// <param name="messages">The input, in order. It may be empty.</param>
    /// <param name="thread">The thread; <see langword="null"/> makes one that is forgotten afterwards.</param>
    /// <param name="options">What is special about the run; <see langword="null"/> for nothing.</param>
    /// <param name="cancellationToken">Ends the run.</param>
    /// <returns>What the model answers, piece by piece.</returns>
    /// <exception cref="AgentExecutionException">The thread is another service's thread than the agent's or the options', or the service names none.</exception>
    /// <exception cref="AgentThreadException">The thread has a message store, and the service keeps the messages too.</exception>
    public async IAsyncEnumerable<ChatResponseUpdate> RunStreamingAsync(
        IEnumerable<ChatMessage> messages,
        AgentThread? thread = null,
        AgentRunOptions? options = null,
        [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        AgentRun run = await StartAsync(messages, thread, options, cancellationToken);
        var stream = new AgentRunStream(run, _chatClient, Name);
        await using (stream)
        {
            while (await stream.MoveNextAsync(cancellationToken))
            {
                yield return stream.Current;
            }
        }
    }

    private async ValueTask<AgentRun> StartAsync(
        IEnumerable<ChatMessage> messages, AgentThread? thread, AgentRunOptions? options, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(messages);
        thread ??= GetNewThread();
        ChatOptions chatOptions = (options?.ChatOptions ?? _chatOptions)?.Clone() ?? new ChatOptions();
        chatOptions.ConversationId = ThreadIdOf(thread, chatOptions);
        var run = new AgentRun(thread, thread.ContextProvider ?? ContextProvider, _messageStoreFactory, options?.TurnId, [.. messages], chatOptions);
        await run.PrepareAsync(Instructions, Tools, cancellationToken);
        return run;
    }

    private string? ThreadIdOf(AgentThread thread, ChatOptions chatOptions)
    {
        string? wanted = chatOptions.ConversationId ?? ConversationId;
        return thread.ServiceThreadId is { } id && wanted is not null && id != wanted
            ? throw new AgentExecutionException(
                "The conversation_id set on the agent is different from the one set on the thread, only one ID can be used for a run.")
            : thread.ServiceThreadId ?? wanted;
    }

    /// <summary>A copy of a response whose messages name their author.</summary>
    private ChatResponse Signed(ChatResponse response)
    {
        List<ChatMessage> messages = [.. response.Messages.Select(Copies.Of)];
        foreach (ChatMessage message in messages)
        {
            message.AuthorName ??= Name;
        }

        return Copies.Of(response, messages, response.ConversationId);
    }
}
