using System.Globalization;
using FsCheck;
using FsCheck.Fluent;
using Microsoft.FSharp.Core;
using OrleansMemory.Tests.Support;
using Xunit;

namespace OrleansMemory.Tests.Contracts;

/// <summary>Generated runs are answered as the model answers them.</summary>
public abstract class ConversationModelContract(StoreFixture fixture) : ConversationStoreContract(fixture)
{
    private const int Runs = 16;
    private const int MostSteps = 40;

    /// <summary>
    /// The seed is fixed, so that a build fails for its own reasons only. <c>MODEL_SEED</c> and <c>MODEL_RUNS</c> ask for other runs, and
    /// more of them.
    /// </summary>
    [Fact]
    public async Task Generated_runs_are_answered_as_the_model_answers_them()
    {
        ulong seed = ulong.Parse(Environment.GetEnvironmentVariable("MODEL_SEED") ?? "20260101", CultureInfo.InvariantCulture);
        int runs = int.Parse(Environment.GetEnvironmentVariable("MODEL_RUNS") ?? $"{Generated.Count(Runs)}", CultureInfo.InvariantCulture);
        Config config = Config
            .QuickThrowOnFailure.WithName($"MODEL_SEED={seed}")
            .WithMaxTest(runs)
            .WithReplay(FSharpOption<Replay>.Some(new Replay(new Rnd(seed), FSharpOption<int>.None)))
            .WithQuietOnSuccess(true);

        // The checker blocks the thread that it runs on.
        await Task.Run(
            () => Check.One(config, Prop.ForAll(ModelStep.Runs(MostSteps), run => ModelRun.RunAsync(Store, run).GetAwaiter().GetResult())),
            None
        );
    }
}
