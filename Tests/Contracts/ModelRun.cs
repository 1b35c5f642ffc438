using OrleansMemory.Conversations;
using OrleansMemory.Errors;
using OrleansMemory.Grains.Storage;
using Xunit;

namespace OrleansMemory.Tests.Contracts;

/// <summary>Runs generated steps against a store and against the model, and compares what they answer.</summary>
/// <param name="usage">Where usage is looked at after every step; <see langword="null"/> for nowhere.</param>
/// <remarks>
/// Like a grain it does not read, fork or continue a conversation that has expired: a store may set it aside whenever another life takes
/// its key.
/// </remarks>
internal sealed partial class ModelRun(IConversationStore store, StoreFixture? usage = null)
{
    private static readonly CancellationToken None = CancellationToken.None;

    private readonly ConversationStoreModel _model = new();
    private readonly string _tenant = $"m{Guid.NewGuid():N}";
    private DateTimeOffset _now = WrittenConversation.Start;
    private int _turns;

    public static async Task RunAsync(IConversationStore store, ModelRunSteps steps, StoreFixture? usage = null)
    {
        var run = new ModelRun(store, usage);
        foreach (ModelStep step in steps.Steps)
        {
            await run.StepAsync(step);
            await run.CompareUsageAsync(step);
        }

        for (int i = 0; i < ModelStep.Conversations; i++)
        {
            await run.CompareAsync(run.Key(i), new TailBounds(int.MaxValue, long.MaxValue));
        }

        await run.RecountAsync();
    }

    private ConversationKey Key(int conversation) =>
        ConversationKey.Create(_tenant, $"conversation-{conversation % ModelStep.Conversations}");

    private Task StepAsync(ModelStep step) =>
        step.Kind switch
        {
            ModelStepKind.Turn => CommitAsync(step, versionOff: 0),
            ModelStepKind.StaleTurn => CommitAsync(step, versionOff: step.C % 2 == 0 ? 1 : -1),
            ModelStepKind.RepeatedTurn => RepeatAsync(step),
            ModelStepKind.Pipeline => PipelineAsync(step),
            ModelStepKind.Fork => ForkAsync(step),
            ModelStepKind.Delete => DeleteAsync(step),
            ModelStepKind.Import => ImportAsync(step),
            ModelStepKind.Load => CompareAsync(Key(step.Conversation), new TailBounds(1 + step.A, 50 + (step.B * 40))),
            ModelStepKind.Read => ReadAsync(step),
            ModelStepKind.ToolTraces => ReadToolTracesAsync(step),
            ModelStepKind.FindTurn => FindTurnAsync(step),
            ModelStepKind.FindIds => FindIdsAsync(step),
            ModelStepKind.Sweep => SweepAsync(step),
            _ => PassTimeAsync(step),
        };

    private Task PassTimeAsync(ModelStep step)
    {
        _now = _now.AddMinutes(step.A);
        return Task.CompletedTask;
    }

    /// <summary>The conversation, unless it has expired.</summary>
    private ModelLife? FindLive(ConversationKey key) => _model.Find(key) is { } life && !life.IsExpired(_now) ? life : null;

    /// <summary>The conversation that a step means, or another one that is there.</summary>
    private ModelLife? PickLive(ModelStep step) =>
        FindLive(Key(step.Conversation))
        ?? Enumerable.Range(0, ModelStep.Conversations).Select(i => FindLive(Key(step.A + i))).FirstOrDefault(life => life is not null);

    private async Task CommitAsync(ModelStep step, int versionOff)
    {
        ModelTurns turns = await TurnsAsync(Key(step.Conversation));
        TurnCommit commit = turns.Next(step, _now, $"turn-{++_turns}");
        commit = commit with
        {
            ExpectedVersion = Math.Max(0, commit.ExpectedVersion + versionOff),
            KnowsGone = commit.KnowsGone && step.C != 9,
        };

        CommitResult actual = await store.CommitAsync(commit, None);

        Assert.Equal(_model.Commit(commit), actual);
    }

    private async Task RepeatAsync(ModelStep step)
    {
        if (PickLive(step) is not { Turns.Count: > 0 } life)
        {
            return;
        }

        (string turnId, (byte[] hash, _, _)) = life
            .Turns.OrderBy(turn => turn.Key, StringComparer.Ordinal)
            .ElementAt(step.A % life.Turns.Count);
        TurnCommit commit = (await TurnsAsync(life.Key)).Next(step, _now, turnId) with
        {
            ExpectedVersion = step.B % (life.Version + 2),
            PayloadHash = step.C % 3 == 0 ? WrittenConversation.HashOf("another payload") : hash,
        };

        CommitResult actual = await store.CommitAsync(commit, None);

        Assert.Equal(_model.Commit(commit), actual);
    }

    /// <summary>Several turns at once, one of which may be stale, known already or impossible to store.</summary>
    private async Task PipelineAsync(ModelStep step)
    {
        ModelTurns turns = await TurnsAsync(Key(step.Conversation));
        turns.Chain = new CommitChain();
        var commits = new List<TurnCommit>();
        int guilty = step.C % 4 == 0 ? -1 : step.B % 5;
        for (int i = 0; i < 2 + (step.A % 4); i++)
        {
            TurnCommit commit = turns.Next(step with { A = step.A + i }, _now, $"turn-{++_turns}");
            turns.Advance(commit);
            commits.Add(i == guilty ? Spoilt(commit, step.C % 4) : commit);
        }

        Task<CommitResult>[] actual = [.. commits.Select(commit => store.CommitAsync(commit, None))];

        // The model has a chain of its own: the store breaks the one it was given.
        var chain = new CommitChain();
        for (int i = 0; i < commits.Count; i++)
        {
            if (!chain.Broken && commits[i].TurnId.Contains('\0', StringComparison.Ordinal))
            {
                chain.Break();
                await Assert.ThrowsAsync<InvalidRequestException>(() => actual[i]);
                continue;
            }

            Assert.Equal(_model.Commit(commits[i] with { Chain = chain }), await actual[i]);
        }
    }

    private TurnCommit Spoilt(TurnCommit commit, int how) =>
        how switch
        {
            1 => commit with { ExpectedVersion = commit.ExpectedVersion + 1 },
            2 when FindLive(commit.Key) is { Turns.Count: > 0 } life => commit with
            {
                TurnId = life.Turns.Keys.Order(StringComparer.Ordinal).First(),
            },
            _ => commit with { TurnId = "a\0b" },
        };

    private async Task<ModelTurns> TurnsAsync(ConversationKey key)
    {
        ModelLife? life = _model.Find(key);
        return life is not null && !life.IsExpired(_now)
            ? new ModelTurns(life)
            : new ModelTurns(key, await store.ReserveStoreIdAsync(None), life) { KnowsGone = _model.HasGone(key) };
    }
}
