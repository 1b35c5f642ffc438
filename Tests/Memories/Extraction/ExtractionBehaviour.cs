using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;
using OrleansMemory.Grains.Hosting;
using OrleansMemory.Grains.Memories.Extraction;
using OrleansMemory.Grains.Storage;
using OrleansMemory.Memories;
using OrleansMemory.Tests.Support;
using Xunit;

namespace OrleansMemory.Tests.Memories.Extraction;

/// <summary>
/// What becomes of recorded turns where the silo has a chat client, whatever store it stands on. A store's file only says which one.
/// </summary>
/// <remarks>
/// Each test has hosts of its own, because its model is the point. The background waits for an hour here, so that only what a test asks for
/// is done.
/// </remarks>
public abstract partial class ExtractionBehaviour : IAsyncLifetime
{
    private readonly string _tenant = $"t{Guid.NewGuid():N}";
    private readonly List<GrainHost> _hosts = [];

    private ManualUtcClock Clock { get; } = new();

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        foreach (GrainHost host in _hosts)
        {
            await host.DisposeAsync();
        }
    }

    /// <summary>Chooses the store. All hosts of one test share it.</summary>
    /// <param name="silo">The silo.</param>
    protected abstract void UseStore(ISiloBuilder silo);

    private async Task<GrainHost> StartAsync(
        IChatClient? model,
        Action<ExtractionOptions>? configure = null,
        Action<ISiloBuilder>? silo = null
    )
    {
        GrainHost host = await GrainHost.StartAsync(builder =>
        {
            builder.Services.AddKeyedSingleton<TimeProvider>(MemoryClock.ServiceKey, Clock);
            if (model is not null)
            {
                builder.Services.AddSingleton(model);
            }

            silo?.Invoke(builder);
            UseStore(builder);
            builder.AddOrleansMemory().UseInMemoryReminderService();
            builder.ConfigureExtraction(options =>
                (options.Delay, options.RetryDelay, options.SweepInterval) = (
                    TimeSpan.FromHours(1),
                    TimeSpan.FromHours(1),
                    TimeSpan.FromDays(1)
                )
            );
            builder.ConfigureExtraction(options => options.MaxRetryDelay = TimeSpan.FromHours(2));
            builder.ConfigureExtraction(configure ?? (_ => { }));
        });
        _hosts.Add(host);
        return host;
    }

    private MemoryScope Scope(string? user = "alice", string? agent = null, string? session = null) =>
        MemoryScope.Create(_tenant, agent, user, session);

    private static IMemoryGrain Memory(GrainHost host, MemoryScope scope) => host.Grains.GetGrain<IMemoryGrain>(scope.ToString());

    private static Task<ExtractionReport> ExtractAsync(GrainHost host, MemoryScope scope) =>
        host.Grains.GetGrain<IMemoryExtractionGrain>(scope.ToString()).ExtractAsync().WithTimeout();

    private static async Task<IReadOnlyList<string>> RecordAsync(GrainHost host, MemoryScope scope, params string[] texts) =>
        (await Memory(host, scope).RecordAsync(Turns(texts))).MemoryIds;

    private static RecordRequest Turns(params string[] texts) =>
        new()
        {
            Memories =
            [
                .. texts.Select(
                    (text, i) =>
                        new NewMemory
                        {
                            Kind = MemoryKind.Turn,
                            Text = text,
                            Role = "user",
                            Speaker = "Alice",
                            MessageId = FormattableString.Invariant($"m{i + 1}"),
                        }
                ),
            ],
        };

    private IMemoryDirectoryGrain Directory(GrainHost host) => host.Grains.GetGrain<IMemoryDirectoryGrain>(_tenant);

    /// <summary>The facts of the tenant, sorted by what they say.</summary>
    private async Task<List<MemoryFact>> FactsAsync(GrainHost host) =>
        [
            .. (await Directory(host).ListAsync(new MemoryListQuery { Kind = MemoryKind.Fact, Limit = 200 })).Memories.OrderBy(
                fact => fact.Text,
                StringComparer.Ordinal
            ),
        ];

    private async Task<string[]> FactTextsAsync(GrainHost host) => [.. (await FactsAsync(host)).Select(fact => fact.Text)];

    private static async Task<string[]> RecallAsync(GrainHost host, MemoryScope scope, string query)
    {
        RecallResult result = await Memory(host, scope).RecallAsync(new RecallRequest { Query = query });
        return [.. result.Memories.Select(recalled => recalled.Memory.Text)];
    }

    private static async Task<int> WaitingAsync(GrainHost host, MemoryScope scope) =>
        (await host.Services.GetRequiredService<IFactStore>().ReadToExtractAsync(scope, 1_000, CancellationToken.None)).Count;
}
