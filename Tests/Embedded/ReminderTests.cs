using Microsoft.Extensions.DependencyInjection;
using OrleansMemory.Tests.Support;
using Xunit;

namespace OrleansMemory.Tests.Embedded;

public interface IReminded : IGrainWithStringKey
{
    Task<string> RegisterAsync(string name, TimeSpan due, TimeSpan period);

    Task<string?> FindAsync(string name);

    Task<int> CountAsync();

    Task UnregisterAsync(string name);

    Task UnregisterStaleAsync(string name);
}

internal sealed class RemindedGrain(Probe probe) : Grain, IReminded, IRemindable
{
    public async Task<string> RegisterAsync(string name, TimeSpan due, TimeSpan period) =>
        (await this.RegisterOrUpdateReminder(name, due, period)).ReminderName;

    public async Task<string?> FindAsync(string name) => (await this.GetReminder(name))?.ReminderName;

    public async Task<int> CountAsync() => (await this.GetReminders()).Count;

    public async Task UnregisterAsync(string name) => await this.UnregisterReminder((await this.GetReminder(name))!);

    public async Task UnregisterStaleAsync(string name)
    {
        var stale = (await this.GetReminder(name))!;
        await this.RegisterOrUpdateReminder(name, TimeSpan.FromMinutes(9), TimeSpan.FromMinutes(9));
        await this.UnregisterReminder(stale);
    }

    public Task ReceiveReminder(string reminderName, TickStatus status)
    {
        probe.Note($"{reminderName} {status.CurrentTickTime - status.FirstTickTime} {status.Period}");
        probe["tick"].Signal();
        return reminderName == "bad" ? throw probe.Exception : Task.CompletedTask;
    }
}

public interface INotRemindable : IGrainWithStringKey
{
    Task RegisterAsync();
}

internal sealed class NotRemindableGrain : Grain, INotRemindable
{
    public async Task RegisterAsync() => await this.RegisterOrUpdateReminder("x", TimeSpan.Zero, TimeSpan.FromMinutes(1));
}

public sealed class ReminderTests
{
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);

    [Fact]
    public async Task A_reminder_ticks_when_due_and_then_each_period_also_when_its_grain_is_not_in_memory()
    {
        await using var host = await StartAsync();
        var grain = host.Grain<IReminded>("a");
        Assert.Equal("r", await grain.RegisterAsync("r", 2 * Minute, 30 * Minute).Soon());
        host.Clock.Advance(Minute);
        Assert.Empty(host.Probe.Events);
        await host.TickAsync(Minute);
        for (var tick = 1; tick <= 3; tick++)
        {
            await host.Cluster.DeactivateAsync(grain).Soon();
            await host.TickAsync(30 * Minute);
        }

        Assert.Equal(["r 00:00:00 00:30:00", "r 00:30:00 00:30:00", "r 01:00:00 00:30:00", "r 01:30:00 00:30:00"], host.Probe.Events);
    }

    [Fact]
    public async Task A_reminder_that_is_due_at_once_ticks_at_once()
    {
        await using var host = await StartAsync();
        await host.Grain<IReminded>("a").RegisterAsync("r", TimeSpan.Zero, Minute).Soon();
        await host.Probe["tick"].ArrivalAsync();
    }

    [Fact]
    public async Task A_reminder_can_be_looked_up_given_new_times_and_removed()
    {
        await using var host = await StartAsync();
        var grain = host.Grain<IReminded>("a");
        await grain.RegisterAsync("r", Minute, Minute).Soon();
        await grain.RegisterAsync("s", 60 * Minute, 60 * Minute).Soon();
        Assert.Equal("r", await grain.FindAsync("r").Soon());
        Assert.Null(await grain.FindAsync("other").Soon());
        Assert.Equal(2, await grain.CountAsync().Soon());
        Assert.Equal(0, await host.Grain<IReminded>("b").CountAsync().Soon());

        await grain.RegisterAsync("r", 10 * Minute, 10 * Minute).Soon();
        Assert.Equal(2, await grain.CountAsync().Soon());
        host.Clock.Advance(9 * Minute);
        await host.SettleAsync(grain);
        Assert.Empty(host.Probe.Events);
        await host.TickAsync(Minute);

        await grain.UnregisterAsync("r").Soon();
        Assert.Null(await grain.FindAsync("r").Soon());
        host.Clock.Advance(40 * Minute);
        await host.SettleAsync(grain);
        Assert.Single(host.Probe.Events);
    }

    [Fact]
    public async Task A_reminder_that_was_changed_meanwhile_is_not_removed()
    {
        await using var host = await StartAsync();
        var grain = host.Grain<IReminded>("a");
        await grain.RegisterAsync("r", Minute, Minute).Soon();
        await Assert.ThrowsAsync<ReminderException>(() => grain.UnregisterStaleAsync("r").Soon());
        Assert.Equal("r", await grain.FindAsync("r").Soon());
    }

    [Fact]
    public async Task A_failing_tick_is_followed_by_the_next()
    {
        await using var host = await StartAsync();
        await host.Grain<IReminded>("a").RegisterAsync("bad", Minute, Minute).Soon();
        for (var tick = 0; tick < 3; tick++) await host.TickAsync(Minute);
    }

    [Fact]
    public async Task Times_that_are_not_allowed_are_refused()
    {
        await using var host = await StartAsync();
        var grain = host.Grain<IReminded>("a");
        var tooShort = await Assert.ThrowsAsync<ArgumentException>(() => grain.RegisterAsync("r", Minute, Minute - TimeSpan.FromTicks(1)).Soon());
        Assert.Contains("00:01:00", tooShort.Message, StringComparison.Ordinal);
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => grain.RegisterAsync("r", -Minute, Minute).Soon());
        await Assert.ThrowsAsync<ArgumentException>(() => grain.RegisterAsync(" ", Minute, Minute).Soon());
        await Assert.ThrowsAsync<InvalidOperationException>(() => host.Grain<INotRemindable>("a").RegisterAsync().Soon());
        Assert.Equal(0, await grain.CountAsync().Soon());
    }

    [Fact]
    public async Task A_host_without_reminders_says_what_is_missing()
    {
        await using var host = await EmbeddedHost.StartAsync();
        var exception = await Assert.ThrowsAsync<InvalidOperationException>(() => host.Grain<IReminded>("a").RegisterAsync("r", Minute, Minute).Soon());
        Assert.Contains("UseInMemoryReminderService", exception.Message, StringComparison.Ordinal);
        await Assert.ThrowsAsync<OrleansConfigurationException>(() => EmbeddedHost.StartAsync(static silo => silo.AddReminders()).Soon());
    }

    [Fact]
    public async Task Reminders_in_the_table_are_found_at_the_start_and_when_others_change_it()
    {
        await using var first = await StartAsync();
        var table = first.Cluster.GetSiloServiceProvider().GetRequiredService<IReminderTable>();
        await first.Grain<IReminded>("a").RegisterAsync("old", 60 * Minute, 60 * Minute).Soon();

        await using var second = await StartAsync(silo => silo.Services.AddSingleton(table));
        await first.Grain<IReminded>("a").RegisterAsync("new", 62 * Minute, 60 * Minute).Soon();
        await second.TickAsync(60 * Minute);
        await second.TickAsync(2 * Minute);
        Assert.Equal(["old 00:00:00 01:00:00", "new 00:00:00 01:00:00"], second.Probe.Events);

        await first.Grain<IReminded>("a").UnregisterAsync("old").Soon();
        await first.Grain<IReminded>("a").UnregisterAsync("new").Soon();
        for (var i = 0; i < 30; i++) second.Clock.Advance(5 * Minute);
        Assert.Equal(2, second.Probe.Events.Count);
    }

    [Fact]
    public async Task Ranges_of_the_ring_are_read_without_their_start_and_with_their_end()
    {
        await using var host = await StartAsync();
        var table = host.Cluster.GetSiloServiceProvider().GetRequiredService<IReminderTable>();
        var ids = Enumerable.Range(0, 50).Select(i => GrainId.Create("reminded", $"{i}")).ToList();
        foreach (var id in ids) Assert.NotNull(await table.UpsertRow(new() { GrainId = id, ReminderName = "r", Period = Minute }));
        var hashes = ids.Select(static id => id.GetUniformHashCode()).Order().ToList();

        Assert.Equal(50, (await table.ReadRows(7, 7)).Reminders.Count);
        Assert.Equal(10, (await table.ReadRows(hashes[9], hashes[19])).Reminders.Count);
        Assert.Equal(40, (await table.ReadRows(hashes[19], hashes[9])).Reminders.Count);
        Assert.False(await table.RemoveRow(ids[0], "r", "another"));
        Assert.True(await table.RemoveRow(ids[0], "r", (await table.ReadRow(ids[0], "r"))!.ETag!));
        await table.TestOnlyClearTable();
        Assert.Empty((await table.ReadRows(0, 0)).Reminders);
    }

    private static Task<EmbeddedHost> StartAsync(Action<ISiloBuilder>? configure = null) => EmbeddedHost.StartAsync(silo =>
    {
        configure?.Invoke(silo);
        silo.UseInMemoryReminderService();
    });
}
