using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using OrleansMemory.Benchmarks.Subjects;

namespace OrleansMemory.Benchmarks.GrainCalls;

/// <summary>What does an empty grain call cost? To reach: 300,000 calls/s from 64 callers on two cores.</summary>
internal static class GrainCallBenchmark
{
    // Enough that no core waits for a caller to be scheduled.
    private const int Callers = 64;

    // One grain: all callers meet in one queue, which shows the cost of handing over between threads.
    // As many grains as callers: no two meet, which shows the cost of waking an idle activation for each call.
    private static readonly int[] GrainCounts = [1, Callers];

    /// <summary>Measures each number of grains, after a warm-up of a quarter of the time.</summary>
    /// <param name="duration">How long to measure each.</param>
    /// <param name="cancellationToken">Ends the run early with an error.</param>
    /// <returns>One set of figures per number of grains.</returns>
    public static async Task<IReadOnlyList<GrainCallFigures>> RunAsync(TimeSpan duration, CancellationToken cancellationToken)
    {
        var builder = Host.CreateEmptyApplicationBuilder(null);
        int[] ports = FreePorts.Find(2);
        builder.UseOrleans(silo => silo.UseLocalhostClustering(ports[0], ports[1]));
        using var host = builder.Build();
        await host.StartAsync(cancellationToken);
        var grains = host.Services.GetRequiredService<IGrainFactory>();
        var figures = new List<GrainCallFigures>();
        foreach (var count in GrainCounts)
        {
            await MeasureAsync(grains, count, duration / 4, cancellationToken);
            figures.Add(await MeasureAsync(grains, count, duration, cancellationToken));
        }

        await host.StopAsync(cancellationToken);
        return figures;
    }

    private static async Task<GrainCallFigures> MeasureAsync(
        IGrainFactory grains,
        int grainCount,
        TimeSpan duration,
        CancellationToken cancellationToken
    )
    {
        using var end = new CancellationTokenSource(duration, TimeProvider.System);
        var allocated = GC.GetTotalAllocatedBytes();
        var start = TimeProvider.System.GetTimestamp();
        var calls = await Task.WhenAll(
            Enumerable
                .Range(0, Callers)
                .Select(caller =>
                {
                    var grain = grains.GetGrain<IPingGrain>($"ping-{caller % grainCount}");
                    return Task.Run(() => CallAsync(grain, end.Token), cancellationToken);
                })
        );
        var elapsed = TimeProvider.System.GetElapsedTime(start);
        cancellationToken.ThrowIfCancellationRequested();
        return new(Callers, grainCount, calls.Sum(), elapsed, GC.GetTotalAllocatedBytes() - allocated);
    }

    private static async Task<long> CallAsync(IPingGrain grain, CancellationToken end)
    {
        var calls = 0L;
        while (!end.IsCancellationRequested)
        {
            await grain.PingAsync();
            calls++;
        }

        return calls;
    }
}
