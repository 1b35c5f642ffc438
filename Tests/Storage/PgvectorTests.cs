using Microsoft.Extensions.Logging.Abstractions;
using OrleansMemory.Grains.Diagnostics;
using OrleansMemory.Grains.Storage;
using OrleansMemory.Grains.Storage.Postgres;
using OrleansMemory.Grains.Storage.Postgres.Conversations;
using OrleansMemory.Grains.Storage.Postgres.Facts;
using OrleansMemory.Memories;
using OrleansMemory.Tests.Contracts;
using OrleansMemory.Tests.Support;
using Xunit;

namespace OrleansMemory.Tests.Storage;

/// <summary>
/// The vectors that the extension searches are those of the memories, whenever it was installed and whatever becomes of them.
/// </summary>
public sealed class PgvectorTests : IAsyncLifetime
{
    private const string Install = "create extension vector with schema public";
    private const string Count = "select count(*) from orleans_memory.memory_embedding";

    private static readonly DateTimeOffset Start = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);
    private static readonly MemoryScope Scope = MemoryScope.Create("t", user: "u");

    private readonly PostgresDatabase _database = new();
    private readonly MemoryInstruments _instruments = new();
    private readonly List<PostgresConversationStore> _opened = [];

    private static CancellationToken None => CancellationToken.None;

    public ValueTask InitializeAsync() => _database.InitializeAsync();

    public async ValueTask DisposeAsync()
    {
        foreach (PostgresConversationStore store in _opened)
        {
            await store.DisposeAsync();
        }

        _instruments.Dispose();
        await _database.DisposeAsync();
    }

    [Fact]
    public async Task Without_the_extension_nothing_is_made_for_it()
    {
        IFactStore store = await OpenAsync();
        Assert.False(store.FindsNearest(2));
        Assert.Equal(DBNull.Value, await _database.ExecuteAsync("select to_regclass('orleans_memory.memory_embedding')::text"));
    }

    [PgvectorFact]
    public async Task The_nearest_are_those_that_a_scan_finds()
    {
        await _database.ExecuteAsync(Install);
        IFactStore store = await OpenAsync();
        Assert.True(store.FindsNearest(NearestScan.Dimensions));
        for (int seed = 1; seed <= 3; seed++)
        {
            var scan = new NearestScan(seed);
            await scan.RecordAsync(store, 80);
            await scan.CompareAsync(store);
            await scan.ChangeAsync(store);
            await scan.CompareAsync(store);
        }
    }

    [PgvectorFact]
    public async Task The_extension_may_be_in_any_schema()
    {
        await _database.ExecuteAsync("create schema \"Other one\"; create extension vector with schema \"Other one\"");
        IFactStore store = await OpenAsync();
        var scan = new NearestScan(5);
        await scan.RecordAsync(store, 20);
        await scan.CompareAsync(store);
    }

    [PgvectorFact]
    public async Task Vectors_from_before_the_extension_are_searched_when_all_of_them_are_there()
    {
        var scan = new NearestScan(6);
        await scan.RecordAsync(await OpenAsync(), 700);
        await _database.ExecuteAsync(Install);
        IFactStore store = await OpenAsync();

        // Of more than it takes at once, the store goes on with each sweep.
        Assert.False(store.FindsNearest(NearestScan.Dimensions));
        Assert.Null(await store.FindNearestAsync(scan.NewSearch([]), None));
        Assert.InRange((await SweepAsync(store, 2_000)).Vectors, 1, 1_999);
        Assert.True(store.FindsNearest(NearestScan.Dimensions));
        Assert.Equal(0, (await SweepAsync(store, 2_000)).Vectors);
        await scan.CompareAsync(store);
    }

    [PgvectorFact]
    public async Task An_extension_that_was_dropped_and_installed_again_has_all_vectors()
    {
        await _database.ExecuteAsync(Install);
        var scan = new NearestScan(7);
        await scan.RecordAsync(await OpenAsync(), 30);
        await _database.ExecuteAsync("drop extension vector cascade");
        Assert.False((await OpenAsync()).FindsNearest(NearestScan.Dimensions));
        await _database.ExecuteAsync(Install);
        IFactStore store = await OpenAsync();
        await scan.CompareAsync(store);
    }

    [PgvectorFact]
    public async Task What_goes_or_changes_leaves_nothing_there()
    {
        await _database.ExecuteAsync(Install);
        IFactStore store = await OpenAsync();
        float[] vector = [1, 2];
        MemoryFact[] facts = [.. Enumerable.Range(0, 4).Select(New)];
        await store.RecordAsync(
            new FactRecording
            {
                Scope = Scope,
                Facts = [.. facts],
                PayloadHash = [1],
                At = Start,
            },
            None
        );
        await store.SaveVectorsAsync("t", "m@2", [.. facts.Select(fact => new FactVector(fact.Id, 1, vector))], None);
        Assert.Equal(4L, await _database.ExecuteAsync(Count));
        await store.DeleteAsync("t", facts[0].Id, Start, None);
        Assert.Equal(3L, await _database.ExecuteAsync(Count));
        await store.ChangeAsync(
            new FactChange
            {
                Tenant = "t",
                Id = facts[1].Id,
                Text = "another",
                At = Start,
            },
            None
        );
        Assert.Equal(2L, await _database.ExecuteAsync(Count));
        await store.SaveVectorsAsync("t", "n@2", [new FactVector(facts[2].Id, 1, vector), new FactVector(facts[3].Id, 1, default)], None);
        Assert.Equal(1L, await _database.ExecuteAsync(Count));
        Assert.Equal("n@2", await _database.ExecuteAsync("select model from orleans_memory.memory_embedding"));
        await store.ClearAsync(Scope, Start, 100, None);
        Assert.Equal(0L, await _database.ExecuteAsync(Count));
    }

    [PgvectorFact]
    public async Task Vectors_that_the_extension_does_not_take_are_kept_without_it()
    {
        await _database.ExecuteAsync(Install);
        IFactStore store = await OpenAsync();
        Assert.True(store.FindsNearest(16_000));
        Assert.False(store.FindsNearest(16_001));
        MemoryFact[] facts = [New(0), New(1), New(2)];
        float[] longest = new float[16_000],
            longer = new float[16_001];
        longest[0] = longer[0] = 1;
        await store.RecordAsync(
            new FactRecording
            {
                Scope = Scope,
                Facts = [.. facts],
                PayloadHash = [1],
                At = Start,
            },
            None
        );
        FactVector[] vectors = [new(facts[0].Id, 1, longest), new(facts[1].Id, 1, longer), new(facts[2].Id, 1, new[] { float.NaN, 0 })];
        Assert.Equal(3, await store.SaveVectorsAsync("t", "m", vectors, None));
        Assert.Equal(1L, await _database.ExecuteAsync(Count));
        IReadOnlyList<StoredFact> read = await store.ReadScopeAsync(new ScopeRead(Scope, "m", null, 10, long.MaxValue), None);
        Assert.Equal([2, 16_001, 16_000], read.Select(stored => stored.Vector.Length));
    }

    private static Task<FactSweepResult> SweepAsync(IFactStore store, int limit) =>
        store.SweepAsync(new FactSweep(Start, Start, Start, limit), None);

    private static MemoryFact New(int number) =>
        new()
        {
            Id = Guid.CreateVersion7().ToString("N"),
            Kind = MemoryKind.Fact,
            User = "u",
            Text = $"text {number}",
            OccurredAt = Start,
            CreatedAt = Start,
            UpdatedAt = Start,
            Version = 1,
        };

    private async Task<IFactStore> OpenAsync()
    {
        var options = new PostgresStorageOptions { ConnectionString = _database.ConnectionString };
        PostgresConversationStore conversations = await PostgresConversationStore.OpenAsync(
            options,
            _instruments,
            NullLoggerFactory.Instance,
            TimeProvider.System,
            None
        );
        _opened.Add(conversations);
        return await PostgresFactStore.OpenAsync(conversations, NullLogger.Instance, None);
    }
}
