using System.Runtime.CompilerServices;
using Microsoft.Agents.AI;
using Microsoft.Extensions.AI;

namespace OrleansMemory.Client.AgentFramework;

/// <summary>See <see cref="DurableRunsExtensions.WithDurableRuns"/>.</summary>
internal sealed class DurableRunsAgent(AIAgent inner, ConversationHistoryProvider provider) : DelegatingAIAgent(inner)
{
    /// <inheritdoc />
    protected override async Task<AgentResponse> RunCoreAsync(
        IEnumerable<ChatMessage> messages,
        AgentSession? session = null,
        AgentRunOptions? options = null,
        CancellationToken cancellationToken = default
    )
    {
        ChatMessage[] given = [.. messages];
        if (Make(given, session, options) is not { } run)
        {
            return await InnerAgent.RunAsync(given, session, options, cancellationToken);
        }

        using IDisposable place = await run.WaitAsync(cancellationToken);
        if (await run.BeginAsync(cancellationToken) is { } stored)
        {
            return ToAgent(stored);
        }

        try
        {
            run.Enter();
            AgentResponse response = await InnerAgent.RunAsync(given, session, run.Options, cancellationToken);
            return await run.FindWinnerAsync(cancellationToken) is { } winner ? ToAgent(winner) : response;
        }
        finally
        {
            await run.EndAsync();
        }
    }

    /// <inheritdoc />
    protected override async IAsyncEnumerable<AgentResponseUpdate> RunCoreStreamingAsync(
        IEnumerable<ChatMessage> messages,
        AgentSession? session = null,
        AgentRunOptions? options = null,
        [EnumeratorCancellation] CancellationToken cancellationToken = default
    )
    {
        ChatMessage[] given = [.. messages];
        DurableAttempt? run = Make(given, session, options);
        using IDisposable? place = run is null ? null : await run.WaitAsync(cancellationToken);
        if (run is not null && await run.BeginAsync(cancellationToken) is { } stored)
        {
            foreach (AgentResponseUpdate update in ToAgent(stored).ToAgentResponseUpdates())
            {
                yield return update;
            }

            yield break;
        }

        bool any = false;
        try
        {
            IAsyncEnumerator<AgentResponseUpdate> stream = InnerAgent
                .RunStreamingAsync(given, session, run?.Options ?? options, cancellationToken)
                .GetAsyncEnumerator(cancellationToken);
            await using (stream)
            {
                while (await MoveAsync(stream, run))
                {
                    any = true;
                    yield return stream.Current;
                }
            }

            ChatResponse? winner = run is null ? null : await run.FindWinnerAsync(cancellationToken);
            if (winner is not null && any)
            {
                throw run!.Conflict();
            }

            foreach (AgentResponseUpdate update in winner is null ? [] : ToAgent(winner).ToAgentResponseUpdates())
            {
                yield return update;
            }
        }
        finally
        {
            await (run?.EndAsync() ?? Task.CompletedTask);
        }
    }

    /// <summary>Makes one step inside of the run, so that the consumer of the stream is outside of it.</summary>
    private static async Task<bool> MoveAsync(IAsyncEnumerator<AgentResponseUpdate> stream, DurableAttempt? run)
    {
        run?.Enter();
        return await stream.MoveNextAsync();
    }

    private DurableAttempt? Make(ChatMessage[] given, AgentSession? session, AgentRunOptions? options)
    {
        if (session is null || options?.ContinuationToken is not null)
        {
            return null;
        }

        IReadOnlyList<ChatMessage> input = AgentTurnId.InputOf(given);
        string? turnId = AgentTurnId.Of(options, input);
        bool approves = input.Any(message => message.Contents.Any(content => content is ToolApprovalResponseContent));
        return turnId is null && !approves ? null : new DurableAttempt(provider, provider.Open(session), input, options, turnId);
    }

    private AgentResponse ToAgent(ChatResponse stored) => new(stored) { AgentId = Id };
}
