using System.Collections.Immutable;
using OrleansMemory.Grains.Memories.Extraction;
using OrleansMemory.Memories;
using Xunit;

namespace OrleansMemory.Tests.Memories.Extraction;

public sealed class BatchPlanTests
{
    private readonly ExtractionOptions _options = new()
    {
        BatchTurns = 8,
        MaxAttempts = 3,
        MaxBatchBytes = 1_024,
        GiveUpAfter = TimeSpan.FromDays(1),
    };

    [Fact]
    public void Turns_are_taken_in_order_up_to_the_bounds()
    {
        var plan = new BatchPlan(_options);
        Assert.Equal(Ids(1, 8), Choose(plan, SomeTurns.Turns(9)));
        Assert.Equal(["a", "b"], Choose(plan, [Long("a", 512), Long("b", 512), Long("c", 1)]));
        Assert.Equal(["big"], Choose(plan, [Long("big", 5_000), Long("c", 1)]));
    }

    [Fact]
    public void A_call_is_about_one_conversation_and_one_kind_of_life()
    {
        var plan = new BatchPlan(_options);
        MemoryFact turn = SomeTurns.Turn("a");
        Assert.Equal(
            ["a", "b"],
            Choose(plan, [turn, SomeTurns.Turn("b"), SomeTurns.Turn("c") with { ConversationId = "c" }, SomeTurns.Turn("d")])
        );
        Assert.Equal(["a"], Choose(plan, [turn with { ConversationId = "c" }, turn with { Id = "b", ConversationId = "d" }]));
        Assert.Equal(["a"], Choose(plan, [turn with { ExpiresAt = SomeTurns.Start }, SomeTurns.Turn("b")]));
    }

    [Fact]
    public void Unreadable_replies_halve_the_batch_and_give_up_what_was_tried_last()
    {
        var plan = new BatchPlan(_options);
        ImmutableArray<MemoryFact> turns = SomeTurns.Turns(8);
        Assert.False(plan.OnUnreadable(turns));
        Assert.Equal(Ids(1, 4), Choose(plan, turns));
        Assert.False(plan.OnUnreadable([.. turns.Take(4)]));
        Assert.Equal(Ids(1, 2), Choose(plan, turns));
        Assert.True(plan.OnUnreadable([.. turns.Take(2)]));
        plan.OnDone([.. turns.Take(2)]);
        Assert.Equal(Ids(3, 8), Choose(plan, turns.RemoveRange(0, 2)));
    }

    [Fact]
    public void A_model_that_is_down_costs_no_turn()
    {
        var plan = new BatchPlan(_options);
        ImmutableArray<MemoryFact> turns = SomeTurns.Turns(8);
        for (int i = 0; i < 200; i++)
        {
            Assert.False(plan.OnFailed(plan.Choose(turns), SomeTurns.Start));
        }

        List<MemoryFact> waiting = [.. turns];
        while (waiting.Count > 0)
        {
            ImmutableArray<MemoryFact> batch = plan.Choose(waiting);
            plan.OnDone(batch);
            waiting.RemoveAll(batch.Contains);
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(8)]
    public void A_turn_that_the_model_refuses_is_given_up_alone(int guilty)
    {
        var plan = new BatchPlan(_options);
        string id = FormattableString.Invariant($"turn{guilty}");
        List<MemoryFact> waiting = [.. SomeTurns.Turns(8)];
        var done = new List<string>();
        var givenUp = new List<string>();
        int next = 9;
        for (int calls = 0; waiting.Count > 0; calls++)
        {
            Assert.InRange(calls, 0, 100);
            ImmutableArray<MemoryFact> batch = plan.Choose(waiting);
            bool fails = batch.Any(turn => turn.Id == id);
            if (fails && !plan.OnFailed(batch, SomeTurns.Start))
            {
                // New turns come in all the time, as long as the guilty one is there.
                waiting.Add(SomeTurns.Turn(FormattableString.Invariant($"turn{next++}")));
                continue;
            }

            (fails ? givenUp : done).AddRange(batch.Select(turn => turn.Id));
            plan.OnDone(batch);
            waiting.RemoveAll(batch.Contains);
        }

        Assert.Equal([id], givenUp);
        Assert.DoesNotContain(id, done);
    }

    [Fact]
    public void A_turn_that_fails_alone_for_too_long_is_given_up()
    {
        var plan = new BatchPlan(_options);
        ImmutableArray<MemoryFact> turns = SomeTurns.Turns(1);
        Assert.False(plan.OnFailed(turns, SomeTurns.Start.AddDays(1) - TimeSpan.FromTicks(1)));
        Assert.True(plan.OnFailed(turns, SomeTurns.Start.AddDays(1)));
    }

    private static IEnumerable<string> Ids(int first, int last) =>
        Enumerable.Range(first, last - first + 1).Select(i => FormattableString.Invariant($"turn{i}"));

    private static IEnumerable<string> Choose(BatchPlan plan, IReadOnlyList<MemoryFact> waiting) =>
        plan.Choose(waiting).Select(turn => turn.Id);

    private static MemoryFact Long(string id, int bytes) => SomeTurns.Turn(id, new string('x', bytes));
}
