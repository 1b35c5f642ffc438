using Microsoft.Extensions.DependencyInjection;
using OrleansMemory.Errors;
using OrleansMemory.Grains.Storage;
using OrleansMemory.Memories;
using OrleansMemory.Tests.Support;
using Xunit;

namespace OrleansMemory.Tests.Memories;

/// <summary>Two hosts over one database: what one records the other recalls, also around failures of the database.</summary>
public sealed class SharedMemoryTests(PostgresDatabase database) : IClassFixture<PostgresDatabase>, IAsyncLifetime
{
    private readonly string _tenant = $"t{Guid.NewGuid():N}";
    private readonly ManualUtcClock _clock = new();
    private GrainHost _left = null!;
    private GrainHost _right = null!;

    public async ValueTask InitializeAsync()
    {
        _left = await GrainHost.OnPostgresAsync(database.ConnectionString, _clock);
        _right = await GrainHost.OnPostgresAsync(database.ConnectionString, _clock);
    }

    public async ValueTask DisposeAsync()
    {
        await _left.DisposeAsync();
        await _right.DisposeAsync();
    }

    [Fact]
    public async Task Each_host_recalls_at_once_what_the_other_one_records_changes_and_deletes()
    {
        for (int i = 0; i < 20; i++)
        {
            (GrainHost writer, GrainHost reader) = i % 2 == 0 ? (_left, _right) : (_right, _left);
            string id = (await Memory(writer, "a", "u").RecordAsync(Request($"bees {i}"))).MemoryIds[0];
            Assert.Equal(i + 1, (await RecallAsync(Memory(reader, "a"), "bees")).Length);
            Assert.Equal(i + 1, (await RecallAsync(Memory(writer, user: "u"), "bees")).Length);
            await Directory(reader).UpdateAsync(id, new MemoryUpdate { Text = $"bees {i} changed" });
            Assert.Contains($"bees {i} changed", await RecallAsync(Memory(writer, "a", "u"), "bees"));
            string deleted = (await Memory(reader, "a").RecordAsync(Request("bees deleted"))).MemoryIds[0];
            Assert.Contains("bees deleted", await RecallAsync(Memory(writer, "a"), "bees"));
            await Directory(writer).DeleteAsync(deleted);
            Assert.DoesNotContain("bees deleted", await RecallAsync(Memory(reader, "a"), "bees"));
        }
    }

    [Fact]
    public async Task Everything_recorded_by_both_at_the_same_time_is_recalled_by_both()
    {
        await Task.WhenAll(
            Enumerable
                .Range(0, 8)
                .Select(writer =>
                    Task.Run(async () =>
                    {
                        IMemoryGrain memory = Memory(writer % 2 == 0 ? _left : _right, "a", writer < 4 ? "u" : null);
                        for (int i = 0; i < 25; i++)
                        {
                            await memory.RecordAsync(Request($"bees {writer} {i}"));
                            Assert.Contains($"bees {writer} {i}", await RecallAsync(memory, $"bees {writer} {i}", 1_000));
                        }
                    })
                )
        );

        foreach (GrainHost host in (GrainHost[])[_left, _right])
        {
            Assert.Equal(200, (await RecallAsync(Memory(host, "a"), "bees", 1_000)).Distinct().Count());
            Assert.Equal(100, (await RecallAsync(Memory(host, user: "u"), "bees", 1_000)).Length);
        }
    }

    [Fact]
    public async Task A_reader_that_has_not_looked_for_long_does_not_need_the_traces()
    {
        IMemoryGrain memory = Memory(_left, user: "u");
        string id = (await memory.RecordAsync(Request("bees"))).MemoryIds[0];
        Assert.Single(await RecallAsync(memory, "bees"));
        await Directory(_right).DeleteAsync(id);
        _clock.Advance(TimeSpan.FromHours(13));
        DateTimeOffset now = _clock.GetUtcNow();
        await _right.Services.GetRequiredService<IFactStore>().SweepAsync(new FactSweep(now, now, now, 1_000), CancellationToken.None);
        Assert.Equal(0L, await database.ExecuteAsync($"select count(*) from orleans_memory.memory where tenant = '{_tenant}'"));

        Assert.Empty(await RecallAsync(memory, "bees"));
    }

    [Fact]
    public async Task Connections_that_die_are_replaced_and_a_database_that_is_away_is_an_error_until_it_is_back()
    {
        string name = (string)(await database.ExecuteAsync("select current_database()"))!;
        string kill = $"select count(pg_terminate_backend(pid)) from pg_stat_activity where datname = '{name}' and pid <> pg_backend_pid()";
        IMemoryGrain memory = Memory(_left, user: "u");
        await memory.RecordAsync(Request("bees 1"));
        await database.ExecuteAsync(kill);
        Assert.Single(await RecallAsync(memory, "bees"));
        await database.ExecuteAsync(kill);
        await memory.RecordAsync(Request("bees 2"));

        await database.ExecuteElsewhereAsync($"alter database {name} allow_connections false");
        await database.ExecuteElsewhereAsync(kill);
        await Assert.ThrowsAsync<MemoryUnavailableException>(() => RecallAsync(memory, "bees"));
        await Assert.ThrowsAsync<MemoryUnavailableException>(() => memory.RecordAsync(Request("bees 3")));
        await Assert.ThrowsAsync<MemoryUnavailableException>(() => Directory(_left).ListAsync(new MemoryListQuery()));

        await database.ExecuteElsewhereAsync($"alter database {name} allow_connections true");
        Assert.Equal(2, (await RecallAsync(memory, "bees")).Length);
        await memory.RecordAsync(Request("bees 4"));
        Assert.Equal(3, (await RecallAsync(memory, "bees")).Length);
    }

    private static RecordRequest Request(string text) => new() { Memories = [new NewMemory { Kind = MemoryKind.Fact, Text = text }] };

    private static async Task<string[]> RecallAsync(IMemoryGrain memory, string query, int limit = 100)
    {
        RecallResult result = await memory.RecallAsync(new RecallRequest { Query = query, Limit = limit });
        return [.. result.Memories.Select(recalled => recalled.Memory.Text)];
    }

    private IMemoryDirectoryGrain Directory(GrainHost host) => host.Grains.GetGrain<IMemoryDirectoryGrain>(_tenant);

    private IMemoryGrain Memory(GrainHost host, string? agent = null, string? user = null) =>
        host.Grains.GetGrain<IMemoryGrain>(MemoryScope.Create(_tenant, agent, user).ToString());
}
