using System.Text.Json;
using OrleansMemory.Benchmarks.Processes;

namespace OrleansMemory.Benchmarks.Http;

/// <summary>A load generator in a process of its own, on the same machine.</summary>
/// <param name="run">Which database is measured, and for how long.</param>
/// <param name="silos">The silos to load.</param>
/// <param name="yields">Whether it takes the processors only when nothing else wants them.</param>
internal sealed class LoadProcess(BenchmarkRun run, SiloProcess[] silos, bool yields = false) : IAsyncDisposable
{
    private const int WarmUpConnections = 64;

    private static readonly TimeSpan WarmUpTime = TimeSpan.FromSeconds(8);

    // It allocates next to nothing: heaps of a server would only take memory from the silo.
    private static readonly Dictionary<string, string> Settings = new() { ["DOTNET_gcServer"] = "0" };

    private readonly ChildProcess _process = ChildProcess.Start(
        typeof(LoadProcess).Assembly.Location,
        [LoadGenerator.Argument],
        Settings,
        yields
    );

    /// <summary>
    /// Loads the silos until their code is compiled as it stays: a silo as it is built compiles while it serves, and the first seconds
    /// measure that.
    /// </summary>
    /// <param name="request">What to ask.</param>
    /// <param name="key">The API key; <see langword="null"/> where none is needed.</param>
    /// <exception cref="InvalidOperationException">The generator ended: the error stream tells why.</exception>
    public Task WarmUpAsync(LoadRequest request = LoadRequest.Turn, string? key = null) =>
        RunAsync(request, WarmUpConnections, key, WarmUpTime);

    /// <summary>Loads the silos for one slice.</summary>
    /// <param name="request">What to ask.</param>
    /// <param name="connections">On how many connections.</param>
    /// <param name="key">The API key; <see langword="null"/> where none is needed.</param>
    /// <returns>What was reached.</returns>
    /// <exception cref="InvalidOperationException">The generator ended: the error stream tells why.</exception>
    public Task<LoadOutcome> RunAsync(LoadRequest request, int connections, string? key = null) =>
        RunAsync(request, connections, key, run.Slice);

    public ValueTask DisposeAsync() => _process.DisposeAsync();

    private async Task<LoadOutcome> RunAsync(LoadRequest request, int connections, string? key, TimeSpan time)
    {
        var plan = new LoadPlan(
            request,
            [.. silos.Select(silo => silo.Port)],
            connections,
            time.TotalSeconds,
            [.. silos.Select(silo => silo.Id)],
            run.Database.Postmaster,
            key
        );
        await _process.Input.WriteLineAsync(JsonSerializer.Serialize(plan, LoadGenerator.Json));
        await _process.Input.FlushAsync();
        string line = await _process.Output.ReadLineAsync() ?? throw new InvalidOperationException("The load generator ended early.");
        return JsonSerializer.Deserialize<LoadOutcome>(line, LoadGenerator.Json)!;
    }
}
