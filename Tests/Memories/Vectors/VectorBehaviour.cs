using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using OrleansMemory.Grains.Hosting;
using OrleansMemory.Grains.Memories.Vectors;
using OrleansMemory.Grains.Storage;
using OrleansMemory.Memories;
using OrleansMemory.Tests.Support;
using Xunit;

namespace OrleansMemory.Tests.Memories.Vectors;

/// <summary>
/// What vectors do for memories, whatever store they are in. A provider's file only says which store several silos share.
/// </summary>
/// <remarks>Each test has hosts of its own, because its generator is the point.</remarks>
public abstract partial class VectorBehaviour : IAsyncLifetime
{
    private static readonly TimeSpan Interval = TimeSpan.FromMinutes(1);

    private readonly TestClock _clock = new();
    private readonly LogLines _log = new();
    private readonly List<GrainHost> _hosts = [];
    private readonly string _tenant = $"t{Guid.NewGuid():N}";

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        foreach (GrainHost host in _hosts)
        {
            await host.DisposeAsync();
        }

        _log.Dispose();
    }

    /// <summary>Chooses the store that all silos of a test share.</summary>
    protected abstract void UseStore(ISiloBuilder silo);

    private async Task<GrainHost> StartAsync(MeaningGenerator? generator, Action<VectorOptions>? configure = null)
    {
        GrainHost host = await GrainHost.StartAsync(silo =>
        {
            silo.Services.AddKeyedSingleton<TimeProvider>(MemoryClock.ServiceKey, _clock);
            silo.Services.AddLogging(logging => logging.AddProvider(_log).SetMinimumLevel(LogLevel.Debug));
            if (generator is not null)
            {
                silo.Services.AddSingleton<IEmbeddingGenerator<string, Embedding<float>>>(generator);
            }

            UseStore(
                silo.AddOrleansMemory()
                    .ConfigureVectors(options =>
                    {
                        // With our generator, texts that share no word are about at a right angle.
                        options.MinSimilarity = 0.2;
                        options.MaxRetries = 0;
                        options.SweepInterval = Interval;
                        configure?.Invoke(options);
                    })
            );
            silo.UseInMemoryReminderService();
        });
        _hosts.Add(host);
        return host;
    }

    private MemoryScope Scope(string user = "u") => MemoryScope.Create(_tenant, user: user);

    private IMemoryGrain Memory(GrainHost host, string user = "u") => host.Grains.GetGrain<IMemoryGrain>(Scope(user).ToString());

    private IMemoryDirectoryGrain Directory(GrainHost host) => host.Grains.GetGrain<IMemoryDirectoryGrain>(_tenant);

    /// <summary>Waits until what is recorded is embedded, whoever does it.</summary>
    private Task<EmbeddingReport> EmbedAsync(GrainHost host, string user = "u") =>
        host.Grains.GetGrain<IMemoryEmbeddingGrain>(Scope(user).ToString()).EmbedAsync().WithTimeout();

    private static async Task<string[]> RecordAsync(IMemoryGrain memory, params string[] texts) =>
        [
            .. (
                await memory
                    .RecordAsync(
                        new RecordRequest { Memories = [.. texts.Select(text => new NewMemory { Kind = MemoryKind.Fact, Text = text })] }
                    )
                    .WithTimeout()
            ).MemoryIds,
        ];

    private static async Task<string[]> RecallAsync(IMemoryGrain memory, string query)
    {
        RecallResult result = await memory.RecallAsync(new RecallRequest { Query = query }).WithTimeout();
        return [.. result.Memories.Select(recalled => recalled.Memory.Text)];
    }

    /// <summary>The ids of memories that have a vector of a model in the store.</summary>
    private async Task<string[]> VectorsAsync(GrainHost host, string model)
    {
        IFactStore store = host.Services.GetRequiredService<IFactStore>();
        IReadOnlyList<StoredFact> facts = await store.ReadScopeAsync(
            new ScopeRead(Scope(), model, null, 1_000, long.MaxValue),
            CancellationToken.None
        );
        return [.. facts.Where(stored => !stored.Vector.IsEmpty).Select(stored => stored.Fact.Id)];
    }
}
