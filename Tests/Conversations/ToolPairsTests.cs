using OrleansMemory.Grains.Conversations;
using OrleansMemory.Grains.Storage;
using Xunit;

namespace OrleansMemory.Tests.Conversations;

public sealed class ToolPairsTests
{
    [Theory]
    [InlineData(3, 3)]
    [InlineData(2, 2)]
    public void A_cut_between_pairs_stays_where_it_is(long wanted, long start) =>
        Assert.Equal(start, ToolPairs.SafeStart([Call(3, "a"), Result(4, "a")], wanted));

    [Fact]
    public void A_cut_between_call_and_result_moves_back_to_the_call() =>
        Assert.Equal(3, ToolPairs.SafeStart([Call(3, "a"), Result(4, "a")], 4));

    [Fact]
    public void Parallel_calls_stay_together() =>
        Assert.Equal(3, ToolPairs.SafeStart([Call(3, "a", "b"), Result(4, "a"), Result(5, "b")], 5));

    [Fact]
    public void Moving_back_into_another_pair_moves_back_further() =>
        Assert.Equal(1, ToolPairs.SafeStart([Call(1, "a"), Call(2, "b"), Result(3, "a"), Result(4, "b")], 4));

    [Fact]
    public void A_result_answers_the_newest_call_of_its_id() =>
        Assert.Equal(5, ToolPairs.SafeStart([Call(1, "a"), Result(2, "a"), Call(5, "a"), Result(6, "a")], 6));

    [Fact]
    public void An_unanswered_call_and_an_orphaned_result_hold_nothing_back() =>
        Assert.Equal(4, ToolPairs.SafeStart([Call(1, "never answered"), Result(5, "never called")], 4));

    [Fact]
    public void Generated_logs_are_cut_as_late_as_possible_without_separating_a_pair()
    {
        for (int seed = 0; seed < 2_000; seed++)
        {
            var random = new Random(seed);
            List<ToolTrace> traces = Generate(random, length: random.Next(1, 25));
            long wanted = random.Next(1, 27);
            long start = ToolPairs.SafeStart(traces, wanted);

            // The latest start that an exhaustive search finds.
            long best = Enumerable.Range(1, (int)wanted).Where(candidate => !Separates(traces, candidate)).Max();
            Assert.True(start == best, $"seed {seed}: cut at {start}, best is {best}, wanted {wanted}");
        }
    }

    private static bool Separates(List<ToolTrace> traces, long start)
    {
        foreach (ToolTrace result in traces.Where(trace => trace.Sequence >= start))
        {
            foreach (string id in result.Links.Results)
            {
                ToolTrace call = traces.LastOrDefault(trace => trace.Sequence < result.Sequence && trace.Links.Calls.Contains(id));
                if (call.Links is not null && call.Sequence < start)
                {
                    return true;
                }
            }
        }

        return false;
    }

    private static List<ToolTrace> Generate(Random random, int length)
    {
        string[] ids = ["a", "b", "c"];
        var traces = new List<ToolTrace>();
        for (int sequence = 1; sequence <= length; sequence++)
        {
            string[] some = [.. ids.Where(_ => random.Next(3) == 0)];
            if (some.Length > 0)
            {
                traces.Add(random.Next(2) == 0 ? Call(sequence, some) : Result(sequence, some));
            }
        }

        return traces;
    }

    private static ToolTrace Call(long sequence, params string[] ids) => new(sequence, new ToolLinks([.. ids], []));

    private static ToolTrace Result(long sequence, params string[] ids) => new(sequence, new ToolLinks([], [.. ids]));
}
