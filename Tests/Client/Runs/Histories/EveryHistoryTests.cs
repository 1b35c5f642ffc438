using System.Collections.Concurrent;
using System.Globalization;
using OrleansMemory.Tests.Support;
using Xunit;

namespace OrleansMemory.Tests.Client.Runs.Histories;

/// <summary>
/// Logs that every API at once has built, in generated orders, and after each step one more answer through every way that a model can be
/// fed: no history is refused. A seed replays one history.
/// </summary>
/// <remarks>
/// <c>ORLEANSMEMORY_HISTORIES</c> says how many (100 by default; 20,000 for a release), <c>ORLEANSMEMORY_HISTORY_SEED</c> where to begin.
/// </remarks>
public sealed class EveryHistoryTests(SharedSilo silo)
{
    private const int Histories = 40;
    private const int AtOnce = 4;
    private const int MostReported = 12;

    [Fact]
    public async Task Whatever_made_a_history_every_model_takes_it()
    {
        int first = Setting("ORLEANSMEMORY_HISTORY_SEED", 1);
        int count = Setting("ORLEANSMEMORY_HISTORIES", Histories);
        SiloTenant tenant = silo.NewTenant();
        var refusals = new ConcurrentQueue<HistoryRefusal>();
        int asked = 0;
        await Parallel.ForEachAsync(
            Enumerable.Range(first, count),
            new ParallelOptions { MaxDegreeOfParallelism = AtOnce },
            async (seed, _) =>
            {
                var history = new GeneratedHistory(tenant, seed);
                if (await history.RunAsync() is { } refusal)
                {
                    refusals.Enqueue(refusal);
                }

                Interlocked.Add(ref asked, history.Asked);
            }
        );

        TestContext.Current.TestOutputHelper?.WriteLine(
            $"{count} histories from seed {first}: {asked} answers asked, {refusals.Count} histories refused"
        );
        Assert.True(refusals.IsEmpty, Report(refusals, count));
        Assert.True(asked > count * 20, $"Only {asked} answers were asked for {count} histories.");
    }

    private static string Report(ConcurrentQueue<HistoryRefusal> refusals, int count)
    {
        IEnumerable<string> causes = refusals
            .GroupBy(refusal => refusal.Cause, StringComparer.Ordinal)
            .OrderByDescending(group => group.Count())
            .Select(group => $"{group.Count()} x {group.Key}");
        IEnumerable<string> examples = refusals
            .OrderBy(refusal => refusal.Steps.Count)
            .Take(MostReported)
            .Select(refusal => refusal.ToString());
        return $"{refusals.Count} of {count} histories were refused.\n{string.Join('\n', causes)}\n\n{string.Join("\n\n", examples)}";
    }

    private static int Setting(string name, int otherwise) =>
        int.TryParse(Environment.GetEnvironmentVariable(name), NumberStyles.None, CultureInfo.InvariantCulture, out int given)
            ? given
            : otherwise;
}
