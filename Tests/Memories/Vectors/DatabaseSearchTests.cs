using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using OrleansMemory.Conversations;
using OrleansMemory.Errors;
using OrleansMemory.Grains.Diagnostics;
using OrleansMemory.Grains.Hosting;
using OrleansMemory.Grains.Memories.Vectors;
using OrleansMemory.Memories;
using OrleansMemory.Tests.Support;
using Xunit;

namespace OrleansMemory.Tests.Memories.Vectors;

/// <summary>Who searches the vectors of a scope, the silo or the store, and that answers do not depend on it.</summary>
public sealed class DatabaseSearchTests : IAsyncLifetime
{
    private const int From = 3;

    private readonly SearchingStore _store = SearchingStore.Create();
    private readonly TestClock _clock = new();
    private readonly LogLines _log = new();
    private readonly MeaningGenerator _generator = new();
    private GrainHost _host = null!;

    private static MemoryScope Scope { get; } = MemoryScope.Create("t", user: "u");

    private IMemoryGrain Memory => _host.Grains.GetGrain<IMemoryGrain>(Scope.ToString());

    public ValueTask InitializeAsync() => new(StartAsync(options => options.DatabaseSearchFrom = From));

    public async ValueTask DisposeAsync()
    {
        await _host.DisposeAsync();
        _generator.Dispose();
        _log.Dispose();
    }

    [Fact]
    public async Task A_small_scope_is_searched_in_the_silo_and_a_large_one_in_the_store()
    {
        string[] ids = await RecordAsync("The dog is Rex", "The house is green");
        Assert.Equal(["The dog is Rex"], await RecallAsync("kaninor"));
        Assert.Equal(0, _store.Asked);

        await RecordAsync("The car is red");
        Assert.Equal(["The dog is Rex"], await RecallAsync("kaninor"));
        Assert.Equal(["The car is red"], await RecallAsync("automor"));
        Assert.Equal(2, _store.Asked);

        // As soon as it is clearly small again, it is read with its vectors.
        Assert.True(await Directory.DeleteAsync(ids[0]));
        int read = _store.VectorsRead;
        Assert.Empty(await RecallAsync("kaninor"));
        Assert.Equal(["The car is red"], await RecallAsync("automor"));
        Assert.Equal((2, read + 2), (_store.Asked, _store.VectorsRead));
    }

    [Fact]
    public async Task A_scope_that_proves_large_is_read_on_without_vectors()
    {
        const int pageMemories = 5_000;
        await RecordAsync(["The dog is Rex", .. Enumerable.Repeat("The house is green", pageMemories)]);
        Assert.Equal(["The dog is Rex"], await RecallAsync("kaninor"));
        Assert.Equal((1, pageMemories), (_store.Asked, _store.VectorsRead));

        // What changes later comes without vectors too, and is found.
        await RecordAsync("The pupilor is Max");
        Assert.Equal(["The dog is Rex", "The pupilor is Max"], (await RecallAsync("kaninor")).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Filters_and_terms_count_as_in_the_silo()
    {
        await Memory.RecordAsync(
            new RecordRequest
            {
                Memories =
                [
                    new NewMemory
                    {
                        Kind = MemoryKind.Fact,
                        Text = "dog one",
                        Metadata = """{"a":"1"}""",
                    },
                    new NewMemory
                    {
                        Kind = MemoryKind.Fact,
                        Text = "dog two",
                        Metadata = """{"a":"2"}""",
                    },
                    new NewMemory { Kind = MemoryKind.Turn, Text = "pupilor three" },
                ],
            }
        );
        await EmbedAsync();
        RecallResult byMetadata = await Memory.RecallAsync(
            new RecallRequest { Query = "kaninor", Metadata = [new MetadataMatch { Name = "a", Value = "2" }] }
        );
        RecallResult byKind = await Memory.RecallAsync(new RecallRequest { Query = "kaninor", Kind = MemoryKind.Turn });
        Assert.Equal(["dog two"], byMetadata.Memories.Select(recalled => recalled.Memory.Text));
        Assert.Equal(["pupilor three"], byKind.Memories.Select(recalled => recalled.Memory.Text));

        RecallResult stored = await Memory.RecallAsync(new RecallRequest { Query = "kaninor two" });
        Assert.Equal(3, _store.Asked);
        await RestartAsync(options => options.DatabaseSearchFrom = 0);
        RecallResult held = await Memory.RecallAsync(new RecallRequest { Query = "kaninor two" });
        Assert.Equal(3, _store.Asked);
        Assert.Equal(
            held.Memories.Select(recalled => (recalled.Memory.Text, recalled.Score)),
            stored.Memories.Select(recalled => (recalled.Memory.Text, recalled.Score))
        );
    }

    [Fact]
    public async Task What_the_store_finds_and_the_scope_does_not_hold_is_left_out()
    {
        await RecordAsync("The dog is Rex", "The house is green", "The car is red");
        _store.Ghost = Guid.NewGuid().ToString("N");
        Assert.Equal(["The dog is Rex"], await RecallAsync("kaninor"));
        Assert.Equal(1, _store.Asked);
    }

    [Fact]
    public async Task A_store_that_fails_or_is_slow_costs_recalls_of_the_scope_their_vectors_for_a_while()
    {
        using var counter = new CounterListener(_host.Services.GetRequiredService<MemoryInstruments>(), TelemetryNames.QueriesByTermsOnly);
        await RecordAsync("The dog is Rex", "The house is green", "The car is red");
        _store.Before = () => throw new MemoryUnavailableException(TimeSpan.FromSeconds(1));
        Assert.Equal(["The dog is Rex"], await RecallAsync("dog"));
        Assert.Empty(await RecallAsync("kaninor"));
        Assert.Equal((1, 2), (_store.Asked, counter.Sum));
        _clock.Advance(TimeSpan.FromSeconds(10));

        using var gate = new Gate();
        _store.Before = gate.PassAsync;
        Task<string[]> recalling = RecallAsync("kaninor");
        await gate.ArrivalAsync();
        _clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Empty(await recalling);
        gate.Open();
        Assert.Empty(await RecallAsync("kaninor"));
        _clock.Advance(TimeSpan.FromSeconds(10));
        Assert.Equal(["The dog is Rex"], await RecallAsync("kaninor"));
        Assert.Equal((3, 4), (_store.Asked, counter.Sum));
        Assert.Equal(2, _log.Lines.Count(line => line.Contains("could not search", StringComparison.Ordinal)));
        Assert.DoesNotContain(_log.Lines, line => line.Contains("Rex", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_scope_that_becomes_small_while_the_store_searches_is_answered_all_the_same()
    {
        string[] ids = await RecordAsync("The dog is Rex", "The house is green", "The car is red");
        using var gate = new Gate();
        _store.Before = gate.PassAsync;
        Task<string[]> recalling = RecallAsync("kaninor");
        await gate.ArrivalAsync();
        Assert.True(await Directory.DeleteAsync(ids[1]));
        Assert.Equal(["The dog is Rex"], await RecallAsync("pupilor"));
        Assert.False(recalling.IsCompleted);
        gate.Open();
        Assert.Equal(["The dog is Rex"], await recalling);
        Assert.Equal(1, _store.Asked);
    }

    [Fact]
    public async Task A_store_that_does_not_search_is_not_asked()
    {
        _store.Searches = false;
        await RecordAsync("The dog is Rex", "The house is green", "The car is red");
        Assert.Equal(["The dog is Rex"], await RecallAsync("kaninor"));
        Assert.Equal(0, _store.Asked);

        // It may have come to it since: the next recall leaves the vectors to it.
        _store.Searches = true;
        Assert.Equal(["The dog is Rex"], await RecallAsync("kaninor"));
        Assert.Equal(["The dog is Rex"], await RecallAsync("kaninor"));
        Assert.Equal(2, _store.Asked);
    }

    private IMemoryDirectoryGrain Directory => _host.Grains.GetGrain<IMemoryDirectoryGrain>("t");

    private async Task RestartAsync(Action<VectorOptions> configure)
    {
        await _host.DisposeAsync();
        await StartAsync(configure);
    }

    private async Task StartAsync(Action<VectorOptions> configure) =>
        _host = await GrainHost.StartAsync(silo =>
        {
            silo.Services.AddKeyedSingleton<TimeProvider>(MemoryClock.ServiceKey, _clock);
            silo.Services.AddLogging(logging => logging.AddProvider(_log).SetMinimumLevel(LogLevel.Debug));
            silo.Services.AddSingleton<IEmbeddingGenerator<string, Embedding<float>>>(_generator);
            silo.Services.AddSingleton(_store.Store);
            silo.AddOrleansMemory()
                .ConfigureVectors(options => options.MinSimilarity = 0.2)
                .ConfigureVectors(configure)
                .UseInMemoryStorage();
            silo.UseInMemoryReminderService();
        });

    private Task<EmbeddingReport> EmbedAsync() => _host.Grains.GetGrain<IMemoryEmbeddingGrain>(Scope.ToString()).EmbedAsync().WithTimeout();

    private async Task<string[]> RecordAsync(params string[] texts)
    {
        RecordReceipt receipt = await Memory
            .RecordAsync(new RecordRequest { Memories = [.. texts.Select(text => new NewMemory { Kind = MemoryKind.Fact, Text = text })] })
            .WithTimeout();
        await EmbedAsync();
        return [.. receipt.MemoryIds];
    }

    private async Task<string[]> RecallAsync(string query)
    {
        RecallResult result = await Memory.RecallAsync(new RecallRequest { Query = query }).WithTimeout();
        return [.. result.Memories.Select(recalled => recalled.Memory.Text)];
    }
}
