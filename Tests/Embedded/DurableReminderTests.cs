using Microsoft.Extensions.DependencyInjection;
using OrleansMemory.Grains.Hosting;
using OrleansMemory.Tests.Support;
using Xunit;

namespace OrleansMemory.Tests.Embedded;

/// <summary>With PostgreSQL the reminders of the embedded host outlive it.</summary>
public sealed class DurableReminderTests(PostgresDatabase database) : IClassFixture<PostgresDatabase>
{
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);
    private readonly string _schema = $"s_{Guid.NewGuid():N}";

    [Fact]
    public async Task A_reminder_survives_a_restart_and_keeps_its_rhythm()
    {
        GrainId id = GrainId.Create("reminded", "a");
        await using (EmbeddedHost first = await StartAsync())
        {
            IReminderTable table = first.Cluster.GetSiloServiceProvider().GetRequiredService<IReminderTable>();
            Assert.Equal("r", await first.Grain<IReminded>("b").RegisterAsync("r", Minute, 30 * Minute).Soon());

            // It was first due 100 minutes ago, with a host that did not run since.
            DateTime due = first.Clock.GetUtcNow().UtcDateTime - (100 * Minute);
            await table.UpsertRow(new ReminderEntry { GrainId = id, ReminderName = "old", StartAt = due, Period = 30 * Minute });
        }

        await using EmbeddedHost second = await StartAsync();
        Assert.Equal("r", await second.Grain<IReminded>("b").FindAsync("r").Soon());
        await second.TickAsync(Minute);
        Assert.Equal(["r 00:00:00 00:30:00"], second.Probe.Events);
        second.Clock.Advance((19 * Minute) - TimeSpan.FromTicks(1));
        Assert.Single(second.Probe.Events);
        await second.TickAsync(TimeSpan.FromTicks(1));
        Assert.Equal("old 02:00:00 00:30:00", second.Probe.Events[^1]);
    }

    [Fact]
    public async Task Periods_below_the_minimum_are_refused_and_stale_reminders_are_not_removed()
    {
        await using EmbeddedHost host = await StartAsync();
        var grain = host.Grain<IReminded>("a");
        await Assert.ThrowsAsync<ArgumentException>(() => grain.RegisterAsync("r", Minute, Minute - TimeSpan.FromTicks(1)).Soon());
        Assert.Equal(0, await grain.CountAsync().Soon());
        await grain.RegisterAsync("r", Minute, Minute).Soon();
        await Assert.ThrowsAsync<ReminderException>(() => grain.UnregisterStaleAsync("r").Soon());
        Assert.Equal(1, await grain.CountAsync().Soon());
        await grain.UnregisterAsync("r").Soon();
        Assert.Equal(0, await grain.CountAsync().Soon());
    }

    [Fact]
    public async Task Two_hosts_on_one_table_both_tick()
    {
        await using EmbeddedHost first = await StartAsync();
        await first.Grain<IReminded>("a").RegisterAsync("r", 10 * Minute, 10 * Minute).Soon();
        await using EmbeddedHost second = await StartAsync();
        await first.TickAsync(10 * Minute);
        await second.TickAsync(10 * Minute);
        Assert.Equal(first.Probe.Events, second.Probe.Events);
    }

    [Fact]
    public async Task The_expiry_wheel_has_one_reminder_per_position_however_often_hosts_start()
    {
        Dictionary<string, (DateTime, string?)> before = await WheelAsync(positions: 8, Minute);
        Assert.Equal(8, before.Count);
        Assert.Equal(before, await WheelAsync(positions: 8, Minute));

        Dictionary<string, (DateTime, string?)> slower = await WheelAsync(positions: 8, 2 * Minute);
        Assert.Equal(8, slower.Count);
        Assert.All(slower.Keys, key => Assert.EndsWith(ExpiryWheel.NameOf(2 * Minute), key, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_smaller_wheel_drops_the_reminders_of_the_larger_one_when_they_tick()
    {
        await WheelAsync(positions: 4, Minute);
        await using EmbeddedHost host = await StartAsync(positions: 2);
        await host.Cluster.Client.GetGrain<IRemindable>(GrainId.Create("expiry", "3"))
            .ReceiveReminder(ExpiryWheel.NameOf(Minute), new TickStatus(DateTime.UnixEpoch, Minute, DateTime.UnixEpoch)).Soon();
        Assert.Equal(["0", "1", "2"], (await ReadAsync(host)).Keys.Select(key => key.Split(' ')[0]).Order(StringComparer.Ordinal));
    }

    private async Task<Dictionary<string, (DateTime Start, string? ETag)>> WheelAsync(int positions, TimeSpan period)
    {
        await using EmbeddedHost host = await StartAsync(positions, period);
        return await ReadAsync(host);
    }

    private static async Task<Dictionary<string, (DateTime Start, string? ETag)>> ReadAsync(EmbeddedHost host)
    {
        IReminderTable table = host.Cluster.GetSiloServiceProvider().GetRequiredService<IReminderTable>();
        return (await table.ReadRows(0, 0)).Reminders.ToDictionary(entry => $"{entry.GrainId.Key} {entry.ReminderName}", entry => (entry.StartAt, entry.ETag));
    }

    private async Task<EmbeddedHost> StartAsync(int positions = 1, TimeSpan? period = null)
    {
        EmbeddedHost host = await EmbeddedHost.StartAsync(silo => silo
            .AddOrleansMemory()
            .ConfigureExpiry(options => (options.Grains, options.Period) = (positions, period ?? (positions == 1 ? TimeSpan.FromDays(1) : Minute)))
            .UsePostgresStorage(options =>
            {
                options.ConnectionString = database.ConnectionString;
                options.Schema = _schema;
            }));
        await ExpiryWheel.StartedAsync(host.Cluster.GetSiloServiceProvider());
        return host;
    }
}
