using OrleansMemory.Benchmarks.Appends;
using OrleansMemory.Benchmarks.Expiry;
using OrleansMemory.Benchmarks.Feeds;
using OrleansMemory.Benchmarks.GrainCalls;
using OrleansMemory.Benchmarks.Growth;
using OrleansMemory.Benchmarks.Hot;
using OrleansMemory.Benchmarks.Http;
using OrleansMemory.Benchmarks.Lengths;
using OrleansMemory.Benchmarks.NaiveGrain;
using OrleansMemory.Benchmarks.Reads;
using OrleansMemory.Benchmarks.Recall;
using OrleansMemory.Benchmarks.RemoteSilo;
using OrleansMemory.Benchmarks.Resources;
using OrleansMemory.Benchmarks.Runs;
using OrleansMemory.Benchmarks.Start;
using OrleansMemory.Benchmarks.Tenants;
using OrleansMemory.Benchmarks.Vectors;

namespace OrleansMemory.Benchmarks;

/// <summary>All benchmarks, in the order in which they run.</summary>
internal static class BenchmarkCatalog
{
    private static readonly IBenchmark[] All =
    [
        new AppendThroughput(),
        new AppendLatency(),
        new HttpTurnLatency(),
        new HttpTurns(),
        new HttpTail(),
        new HttpLoads(),
        new SiloStart(),
        new SiloResources(),
        new HotConversation(),
        new ConversationAdds(),
        new TailRead(),
        new AppendTimeByLength(),
        new AppendVolumeByLength(),
        new ActivationByLength(),
        new ForkByLength(),
        new RunWithHistory(),
        new FanOut(),
        new TenantFlood(),
        new HttpFlood(),
        new ExpirySweep(),
        new RecallSpeed(),
        new RecallQuality(),
        new FirstRecall(),
        new LongMemories(),
        new LocalModelCost(),
        new VectorScan(),
        new EmptyGrainCalls(),
        new NaiveGrains(),
        new RemoteCalls(),
    ];

    // They take up to half an hour and tens of gigabytes each.
    private static readonly IBenchmark[] WhenNamed =
    [
        new ConversationGrowth(),
        new MessageGrowth(),
        new MemoryGrowth(),
        new SiloGrowth(),
        new VacuumGrowth(),
    ];

    /// <summary>Their names, in the order in which they run.</summary>
    public static IReadOnlyList<string> Names { get; } = [.. All.Concat(WhenNamed).Select(benchmark => benchmark.Name)];

    /// <summary>Finds benchmarks by name.</summary>
    /// <param name="names">Their names; none for all but those that run only when they are named.</param>
    /// <returns>The benchmarks, in the order in which they run.</returns>
    public static IReadOnlyList<IBenchmark> Find(IReadOnlyList<string> names) =>
        names.Count == 0 ? All : [.. All.Concat(WhenNamed).Where(benchmark => names.Contains(benchmark.Name, StringComparer.Ordinal))];
}
