using Microsoft.Extensions.DependencyInjection;
using Orleans.Reminders;
using Orleans.TestingHost;
using OrleansMemory.Conversations;
using OrleansMemory.Grains.Hosting;
using OrleansMemory.Tests.Support;
using Xunit;

namespace OrleansMemory.Tests.Stress;

/// <summary>
/// The expiry wheel on a cluster: its reminders are in PostgreSQL, each one is held by one silo, and none is lost with a silo.
/// </summary>
public sealed class ClusterExpiryTests : IAsyncLifetime
{
    private const int Positions = 8;
    private const int Due = 40;

    private static readonly TimeSpan Period = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan Life = TimeSpan.FromHours(1);

    private readonly PostgresDatabase _database = new();
    private readonly ManualUtcClock _clock = new();

    // Reminders alone live by this clock; it moves when the test says so. They wait until a time, which needs timers that are not early.
    private readonly TestClock _reminderClock = new() { Lateness = TimeSpan.FromMilliseconds(1) };
    private readonly ReminderWatch _watch = new();
    private SiloCluster _cluster = null!;

    public async ValueTask InitializeAsync()
    {
        await _database.InitializeAsync();
        _cluster = await SiloCluster.StartAsync(
            _database.ConnectionString,
            3,
            new SiloClusterSetup
            {
                Clock = _clock,
                Silo = silo =>
                {
                    silo.ConfigureExpiry(options => (options.Grains, options.Period) = (Positions, Period));
                    silo.Services.AddKeyedSingleton<TimeProvider>(ReminderTimeProviderNames.Reminders, _reminderClock);
                },
            }
        );
        await Task.WhenAll(_cluster.Silos.Silos.Select(silo => ExpiryWheel.StartedAsync(silo.ServiceProvider)));

        // From here on the end of a period lies half-way between two positions' ticks.
        _reminderClock.Advance(Period / (2 * Positions));
    }

    public async ValueTask DisposeAsync()
    {
        await _cluster.DisposeAsync();
        _watch.Dispose();
        await _database.DisposeAsync();
    }

    [Fact]
    public async Task Every_tick_comes_from_one_silo_only()
    {
        Assert.Equal((long)Positions, await _database.ExecuteAsync("select count(*) from orleans_memory.orleans_reminder"));
        IReadOnlyDictionary<GrainId, SiloAddress> holders = await _watch.HeldAsync(Positions, Silos());
        for (int turn = 0; turn < 5; turn++)
        {
            Assert.Equal(Expected(holders), await TurnAsync());
            Assert.Equal(holders, await _watch.HeldAsync(Positions, Silos()));
        }
    }

    [Fact]
    public Task Reminders_survive_the_silo_that_held_them_and_conversations_expire_all_the_same() =>
        LoseAsync(_cluster.Silos.KillSiloAsync);

    [Fact]
    public Task Reminders_of_a_silo_that_stops_go_to_the_others() => LoseAsync(_cluster.Silos.StopSiloAsync);

    private async Task LoseAsync(Func<InProcessSiloHandle, Task> loseAsync)
    {
        await CreateAsync(Due, Life);
        await CreateAsync(1, null);
        IReadOnlyDictionary<GrainId, SiloAddress> before = await _watch.HeldAsync(Positions, Silos());
        Assert.Equal(Expected(before), await TurnAsync());
        await _watch.HeldAsync(Positions, Silos());
        Assert.Equal(Due + 1L, await CountAsync());

        SiloAddress victim = before.Values.GroupBy(silo => silo).MaxBy(held => held.Count())!.Key;
        await loseAsync(_cluster.Silos.Silos.Single(silo => silo.SiloAddress.Equals(victim)));
        IReadOnlyDictionary<GrainId, SiloAddress> after = await _watch.HeldAsync(Positions, Silos());
        _clock.Advance(Life);
        Assert.Equal(Expected(after), await TurnAsync());
        Assert.Equal(1L, await CountAsync());
    }

    private List<SiloAddress> Silos() => [.. _cluster.Silos.Silos.Select(silo => silo.SiloAddress)];

    /// <summary>Lets one period pass: every position is due once in it.</summary>
    private async Task<IEnumerable<string>> TurnAsync()
    {
        _reminderClock.Advance(Period);
        IReadOnlyList<(SiloAddress Silo, GrainId Grain)> ticks = await _watch.TicksAsync(Positions, Silos());
        return ticks.Select(tick => $"{tick.Grain} on {tick.Silo}").Order(StringComparer.Ordinal);
    }

    private static IEnumerable<string> Expected(IReadOnlyDictionary<GrainId, SiloAddress> holders) =>
        holders.Select(holder => $"{holder.Key} on {holder.Value}").Order(StringComparer.Ordinal);

    private async Task CreateAsync(int count, TimeSpan? life) =>
        await Task.WhenAll(
            Enumerable
                .Range(0, count)
                .Select(_ =>
                    _cluster
                        .Conversation(Guid.NewGuid().ToString("N"))
                        .CommitAsync(
                            Messages.Turn("first", Messages.User("x")) with
                            {
                                Settings = new SettingsChange
                                {
                                    Values = new ConversationSettings
                                    {
                                        TimeToLive = life is { } duration ? new TimeToLive { Duration = duration } : null,
                                    },
                                    Fields = SettingsFields.TimeToLive,
                                },
                            }
                        )
                )
        );

    private async Task<long> CountAsync() => (long)(await _database.ExecuteAsync("select count(*) from orleans_memory.conversation"))!;
}
