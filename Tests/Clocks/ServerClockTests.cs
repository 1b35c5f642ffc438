using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using OrleansMemory.Conversations;
using OrleansMemory.Grains.Clocks;
using OrleansMemory.Grains.Diagnostics;
using OrleansMemory.Grains.Storage;
using OrleansMemory.Grains.Storage.Postgres;
using OrleansMemory.Grains.Storage.Postgres.Conversations;
using OrleansMemory.Grains.Storage.Postgres.Facts;
using OrleansMemory.Memories;
using OrleansMemory.Tests.Support;
using Xunit;

namespace OrleansMemory.Tests.Clocks;

/// <summary>Where rows are removed the server's clock has the last word, whatever instant a silo gives; where a host has a clock of its own
/// it has not.</summary>
public sealed class ServerClockTests(PostgresDatabase database) : IClassFixture<PostgresDatabase>, IAsyncLifetime
{
    private static readonly TimeSpan Life = TimeSpan.FromMinutes(58);
    private static readonly TimeSpan Skew = TimeSpan.FromHours(2);
    private static readonly CancellationToken None = CancellationToken.None;

    private readonly MemoryInstruments _instruments = new();
    private readonly string _schema = $"s_{Guid.NewGuid():N}";
    private GrainHost _host = null!;

    private static DateTimeOffset Ahead => TimeProvider.System.GetUtcNow() + Skew;

    public async ValueTask InitializeAsync() =>
        _host = await GrainHost.OnPostgresAsync(database.ConnectionString, postgres: options => options.Schema = _schema);

    public async ValueTask DisposeAsync()
    {
        await _host.DisposeAsync();
        _instruments.Dispose();
    }

    [Fact]
    public async Task A_sweep_from_the_future_removes_nothing()
    {
        await CreateAsync("c");
        await using PostgresConversationStore bound = await OpenAsync(TimeSpan.FromSeconds(5));
        await using PostgresConversationStore own = await OpenAsync(null);

        Assert.Equal(default, await bound.SweepExpiredAsync(new ExpirySweep(Ahead, new WheelShare(0, 1), 100), None));
        Assert.False(await bound.ExpireAsync(await StoreIdAsync("c"), Ahead, None));

        ExpirySweepResult swept = await own.SweepExpiredAsync(new ExpirySweep(Ahead, new WheelShare(0, 1), 100), None);
        Assert.Equal((1, 2L), (swept.Conversations, swept.Entries));
    }

    [Fact]
    public async Task One_conversation_is_not_removed_from_the_future_and_is_by_a_clock_of_its_own()
    {
        await CreateAsync("c");
        long life = await StoreIdAsync("c");
        await using PostgresConversationStore bound = await OpenAsync(TimeSpan.FromSeconds(5));
        await using PostgresConversationStore own = await OpenAsync(null);

        Assert.False(await bound.ExpireAsync(life, Ahead, None));
        Assert.True(await own.ExpireAsync(life, Ahead, None));
    }

    [Fact]
    public async Task Entries_are_not_removed_from_the_future()
    {
        await _host.Conversation("lasting").CommitAsync(Messages.Turn("t", Messages.User("x")) with { EntryWrites = [Entry(Life)] });
        await using PostgresConversationStore bound = await OpenAsync(TimeSpan.FromSeconds(5));
        await using PostgresConversationStore own = await OpenAsync(null);

        Assert.Equal(0, (await bound.SweepExpiredAsync(new ExpirySweep(Ahead, new WheelShare(0, 1), 100), None)).Entries);
        Assert.Equal(1, (await own.SweepExpiredAsync(new ExpirySweep(Ahead, new WheelShare(0, 1), 100), None)).Entries);
    }

    [Fact]
    public async Task A_turn_a_fork_and_an_import_from_the_future_do_not_take_the_place_of_a_life()
    {
        await CreateAsync("c");
        long version = (await _host.Conversation("parent").CommitAsync(Messages.Turn("t", Messages.User("x")))).Version;
        await using PostgresConversationStore bound = await OpenAsync(TimeSpan.FromSeconds(5));
        ConversationKey key = ConversationKey.Create("tests", "c");
        long life = await StoreIdAsync("c");
        long fresh = await bound.ReserveStoreIdAsync(None);

        CommitResult turn = await bound.CommitAsync(NewLife(key, fresh, new ExpiredLife(life, 1)), None);
        ForkResult fork = await bound.ForkAsync(
            new ForkCommit
            {
                SourceStoreId = await StoreIdAsync("parent"),
                SourceVersion = version,
                Target = key,
                AtSequence = 1,
                At = Ahead,
            },
            None
        );
        await bound.BeginImportAsync(
            new ImportCommit
            {
                Key = key,
                StoreId = fresh,
                Settings = new ConversationSettings(),
                FirstSequence = 1,
                LastSequence = 0,
                At = Ahead,
            },
            None
        );
        ImportStatus import = await bound.CompleteImportAsync(key, fresh, Ahead, None);

        Assert.Equal((CommitStatus.Lost, ForkStatus.Lost, ImportStatus.Exists), (turn.Status, fork.Status, import));
        Assert.Equal(life, await StoreIdAsync("c"));

        // Within the tolerance a silo's clock counts: a turn does not wait until the server's clock agrees.
        await using PostgresConversationStore tolerant = await OpenAsync(Skew);
        long next = await tolerant.ReserveStoreIdAsync(None);
        Assert.Equal(CommitStatus.Committed, (await tolerant.CommitAsync(NewLife(key, next, new ExpiredLife(life, 1)), None)).Status);
    }

    [Fact]
    public async Task Memories_are_not_removed_from_the_future()
    {
        IMemoryGrain memories = _host.Grains.GetGrain<IMemoryGrain>(MemoryScope.Create("tests", user: "ada").ToString());
        await memories.RecordAsync(
            new RecordRequest { Memories = [new NewMemory { Kind = MemoryKind.Fact, Text = "x" }], TimeToLive = Life }
        );
        await using PostgresConversationStore bound = await OpenAsync(TimeSpan.FromSeconds(5));
        await using PostgresConversationStore own = await OpenAsync(null);

        Assert.Equal(0, (await SweepFactsAsync(bound)).Expired);
        Assert.Equal(1, (await SweepFactsAsync(own)).Expired);
    }

    [Fact]
    public async Task What_is_over_by_both_clocks_goes()
    {
        await CreateAsync("c");
        await ExecuteAsync($"update {_schema}.conversation set expires_at = now() - interval '1 second'");
        await using PostgresConversationStore bound = await OpenAsync(TimeSpan.FromSeconds(5));

        Assert.Equal(
            0,
            (
                await bound.SweepExpiredAsync(new ExpirySweep(Ahead - Skew - TimeSpan.FromHours(1), new WheelShare(0, 1), 100), None)
            ).Conversations
        );

        // The host of this class has a wheel of its own, which may hold the conversation, or be faster.
        for (int attempt = 0; attempt < 1_000 && !0L.Equals(await CountAsync()); attempt++)
        {
            await bound.SweepExpiredAsync(new ExpirySweep(Ahead, new WheelShare(0, 1), 100), None);
        }

        Assert.Equal(0L, await CountAsync());

        Task<object?> CountAsync() => ExecuteAsync($"select count(*) from {_schema}.conversation where state = 0");
    }

    [Fact]
    public async Task A_host_has_the_bound_unless_its_clock_is_its_own()
    {
        Assert.Equal(new ClockOptions().Tolerance, Bound(_host));
        await using GrainHost own = await GrainHost.OnPostgresAsync(
            database.ConnectionString,
            new ManualUtcClock(),
            postgres: options => options.Schema = _schema
        );
        Assert.Null(Bound(own));
    }

    [Fact]
    public async Task The_clock_of_the_server_is_read_with_its_round_trips()
    {
        DateTimeOffset before = TimeProvider.System.GetUtcNow();
        ClockReading reading = await _host.Services.GetRequiredService<DatabaseTime>().ReadAsync(TimeSpan.Zero, None);

        Assert.InRange(reading.Time, before - TimeSpan.FromSeconds(1), TimeProvider.System.GetUtcNow() + TimeSpan.FromSeconds(1));
        Assert.InRange(reading.Error, TimeSpan.FromTicks(1), TimeSpan.FromSeconds(1));
        Assert.True(_host.Services.GetRequiredService<ClockCheck>().Compares);
    }

    private static TimeSpan? Bound(GrainHost host) =>
        host.Services.GetRequiredService<IOptions<PostgresStorageOptions>>().Value.ClockTolerance;

    private static EntryWrite Entry(TimeSpan? life) =>
        new()
        {
            Space = "s",
            Key = $"k{life}",
            Value = "1",
            TimeToLive = life,
        };

    private static TurnCommit NewLife(ConversationKey key, long storeId, ExpiredLife replaces) =>
        new()
        {
            Key = key,
            StoreId = storeId,
            Replaces = replaces,
            ExpectedVersion = 0,
            TurnId = "new",
            PayloadHash = new byte[32],
            FirstSequence = 1,
            LastSequence = 0,
            At = Ahead,
            PreviousAt = null,
        };

    private async Task CreateAsync(string id) =>
        await _host
            .Conversation(id)
            .CommitAsync(
                Messages.Turn("t", Messages.User("x")) with
                {
                    Settings = new SettingsChange
                    {
                        Values = new ConversationSettings { TimeToLive = new TimeToLive { Duration = Life } },
                        Fields = SettingsFields.TimeToLive,
                    },
                    EntryWrites = [Entry(null), Entry(TimeSpan.FromDays(1))],
                }
            );

    private static async Task<FactSweepResult> SweepFactsAsync(PostgresConversationStore store)
    {
        PostgresFactStore facts = await PostgresFactStore.OpenAsync(store, NullLogger.Instance, None);
        return await facts.SweepAsync(new FactSweep(Ahead, Ahead - TimeSpan.FromDays(1), Ahead - TimeSpan.FromDays(1), 100), None);
    }

    private Task<PostgresConversationStore> OpenAsync(TimeSpan? tolerance) =>
        PostgresConversationStore.OpenAsync(
            new PostgresStorageOptions
            {
                ConnectionString = database.ConnectionString,
                Schema = _schema,
                ClockTolerance = tolerance,
            },
            _instruments,
            NullLoggerFactory.Instance,
            TimeProvider.System,
            None
        );

    private async Task<long> StoreIdAsync(string id) =>
        (long)(await ExecuteAsync($"select store_id from {_schema}.conversation where name = '{id}' and state = 0"))!;

    private Task<object?> ExecuteAsync(string sql) => database.ExecuteAsync(sql);
}
