using Microsoft.Agents.AI;
using Microsoft.Extensions.AI;
using OrleansMemory.Client.Runs;
using OrleansMemory.Errors;

namespace OrleansMemory.Client.AgentFramework;

/// <summary>One attempt at a run that may have been made before.</summary>
/// <param name="options">The options that were given.</param>
/// <param name="turnId">The turn id; <see langword="null"/> for a run that only answers approvals.</param>
internal sealed class DurableAttempt(
    ConversationHistoryProvider provider,
    Conversation conversation,
    IReadOnlyList<ChatMessage> input,
    AgentRunOptions? options,
    string? turnId
)
{
    private readonly RunSession _session = RunSession.OfAgent(provider.Services, conversation, input, [], turnId);
    private readonly DurableRun _run = new();

    /// <summary>The options for the inner agent: whoever named the run, the model is not told.</summary>
    public AgentRunOptions? Options { get; } =
        options?.AdditionalProperties?.TryGetValue(ConversationChatClient.TurnIdProperty, out object? given) is true
        && given is string named
            ? options.WithTurnId(named)
            : options;

    /// <summary>Waits until no other attempt at the same run is on its way in this process.</summary>
    /// <returns>The place, which is given up when it is disposed of.</returns>
    public async Task<IDisposable> WaitAsync(CancellationToken cancellationToken)
    {
        var place = new Place();
        if (turnId is not null)
        {
            var taken = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            Task<bool> held = provider
                .Services.Client.Kept<RunsOnTheirWay>()
                .Locks.RunAsync($"{conversation.Key}/{turnId}", HoldAsync, cancellationToken);
            await await Task.WhenAny(taken.Task, held);

            async Task<bool> HoldAsync()
            {
                taken.SetResult();
                await place.Left;
                return true;
            }
        }

        return place;
    }

    /// <summary>Looks for the stored answer, and claims the approvals that the input answers.</summary>
    /// <returns>The stored answer; <see langword="null"/> when the run is yet to be made.</returns>
    public async Task<ChatResponse?> BeginAsync(CancellationToken cancellationToken) =>
        await _session.FindCommittedAsync(cancellationToken) ?? await _session.ClaimAsync(cancellationToken);

    /// <summary>Makes it the current one of the calling async method, and of all that it calls.</summary>
    public void Enter()
    {
        _run.Enter();
        _session.Run.Claim?.Enter();
    }

    /// <summary>Looks for the answer that was stored in place of this run's.</summary>
    /// <returns>The answer; <see langword="null"/> when this run's own was stored.</returns>
    public async Task<ChatResponse?> FindWinnerAsync(CancellationToken cancellationToken) =>
        _run.IsLost ? await _session.FindCommittedAsync(cancellationToken) : null;

    /// <summary>What a run fails with that has given away another answer than the stored one.</summary>
    public TurnConflictException Conflict() => _session.ConflictOf();

    /// <summary>Ends the claim where no turn has ended it.</summary>
    /// <returns>A task that ends when it is done.</returns>
    public Task EndAsync() => _session.Run.Claim?.ReleaseAsync() ?? Task.CompletedTask;

    private sealed class Place : IDisposable
    {
        private readonly TaskCompletionSource _left = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task Left => _left.Task;

        public void Dispose() => _left.TrySetResult();
    }
}
