using OrleansMemory.Tests.Support;
using Xunit;

namespace OrleansMemory.Tests.Embedded;

public interface ITickGrain : IGrainWithStringKey
{
    Task StartAsync(TimeSpan due, TimeSpan period, bool interleave, bool keepAlive);

    Task ChangeAsync(TimeSpan due, TimeSpan period);

    Task StopAsync();

    Task<int> TicksAsync();

    Task WaitAsync(string gate);
}

internal sealed class TickGrain(Probe probe) : Grain, ITickGrain
{
    private IGrainTimer? _timer;
    private CancellationToken _token;
    private int _ticks;

    public override Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken)
    {
        probe.Note(_token.IsCancellationRequested ? "timer ended" : "timer alive");
        return Task.CompletedTask;
    }

    public Task StartAsync(TimeSpan due, TimeSpan period, bool interleave, bool keepAlive)
    {
        var options = new GrainTimerCreationOptions(due, period) { Interleave = interleave, KeepAlive = keepAlive };
        RequestContext.Set("caller", "of the registration");
        _timer = this.RegisterGrainTimer(TickAsync, "state", options);
        return Task.CompletedTask;
    }

    public Task ChangeAsync(TimeSpan due, TimeSpan period)
    {
        _timer!.Change(due, period);
        return Task.CompletedTask;
    }

    public Task StopAsync()
    {
        _timer!.Dispose();
        Assert.True(_token.IsCancellationRequested || _ticks == 0);
        return Task.CompletedTask;
    }

    public Task<int> TicksAsync() => Task.FromResult(_ticks);

    public Task WaitAsync(string gate) => probe[gate].PassAsync();

    private async Task TickAsync(string state, CancellationToken token)
    {
        _token = token;
        Assert.Equal("state", state);
        if (RequestContext.Get("caller") is not null) probe.Note("context leaked");
        await probe["tick"].PassAsync();
        _ticks++;
        probe["ticked"].Signal();
        if (_ticks == 2) throw new InvalidOperationException("a tick may fail");
    }
}

public sealed class TimerTests
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    [Fact]
    public async Task A_timer_ticks_when_due_and_then_each_period_and_survives_its_exceptions()
    {
        await using var host = await EmbeddedHost.StartAsync();
        var grain = host.Grain<ITickGrain>("a");
        host.Probe["tick"].Open();
        await grain.StartAsync(3 * Second, 2 * Second, interleave: false, keepAlive: false).Soon();
        host.Clock.Advance(2 * Second);
        Assert.Equal(0, await grain.TicksAsync().Soon());
        for (var tick = 1; tick <= 4; tick++)
        {
            host.Clock.Advance(tick == 1 ? Second : 2 * Second);
            await host.Probe["ticked"].ArrivalAsync();
            Assert.Equal(tick, await grain.TicksAsync().Soon());
        }

        Assert.Empty(host.Probe.Events);
    }

    [Fact]
    public async Task A_tick_is_a_turn_unless_it_interleaves()
    {
        await using var host = await EmbeddedHost.StartAsync();
        var grain = host.Grain<ITickGrain>("a");
        await grain.StartAsync(Second, Second, interleave: false, keepAlive: false).Soon();
        host.Clock.Advance(Second);
        await host.Probe["tick"].ArrivalAsync();
        var waits = grain.TicksAsync();

        var other = host.Grain<ITickGrain>("b");
        await other.StartAsync(Second, Second, interleave: true, keepAlive: false).Soon();
        host.Clock.Advance(Second);
        await host.Probe["tick"].ArrivalAsync();
        Assert.Equal(0, await other.TicksAsync().Soon());

        Assert.False(waits.IsCompleted);
        host.Probe["tick"].Open();
        Assert.Equal(1, await waits.Soon());
    }

    [Fact]
    public async Task A_tick_waits_for_the_running_request_and_ticks_do_not_pile_up()
    {
        await using var host = await EmbeddedHost.StartAsync();
        var grain = host.Grain<ITickGrain>("a");
        host.Probe["tick"].Open();
        await grain.StartAsync(Second, Second, interleave: false, keepAlive: false).Soon();
        var work = grain.WaitAsync("work");
        await host.Probe["work"].ArrivalAsync();
        host.Clock.Advance(10 * Second);
        host.Probe["work"].Open();
        await work.Soon();
        await host.Probe["ticked"].ArrivalAsync();
        Assert.Equal(1, await grain.TicksAsync().Soon());
    }

    [Fact]
    public async Task A_timer_can_be_given_new_times_and_ended()
    {
        await using var host = await EmbeddedHost.StartAsync();
        var grain = host.Grain<ITickGrain>("a");
        host.Probe["tick"].Open();
        await grain.StartAsync(Timeout.InfiniteTimeSpan, Second, interleave: false, keepAlive: false).Soon();
        host.Clock.Advance(100 * Second);
        Assert.Equal(0, await grain.TicksAsync().Soon());

        await grain.ChangeAsync(5 * Second, Timeout.InfiniteTimeSpan).Soon();
        host.Clock.Advance(5 * Second);
        await host.Probe["ticked"].ArrivalAsync();
        host.Clock.Advance(100 * Second);
        Assert.Equal(1, await grain.TicksAsync().Soon());

        await grain.ChangeAsync(Second, Second).Soon();
        await grain.StopAsync().Soon();
        host.Clock.Advance(100 * Second);
        Assert.Equal(1, await grain.TicksAsync().Soon());
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => grain.ChangeAsync(-2 * Second, Second).Soon());
    }

    [Fact]
    public async Task Timers_end_with_their_activation()
    {
        await using var host = await EmbeddedHost.StartAsync();
        var grain = host.Grain<ITickGrain>("a");
        host.Probe["tick"].Open();
        await grain.StartAsync(Second, Second, interleave: false, keepAlive: false).Soon();
        host.Clock.Advance(Second);
        await host.Probe["ticked"].ArrivalAsync();
        await host.Cluster.DeactivateAsync(grain).Soon();
        Assert.Equal(["timer ended"], host.Probe.Events);
        host.Clock.Advance(100 * Second);
        Assert.Equal(0, await grain.TicksAsync().Soon());
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Ticks_keep_the_grain_from_being_idle_only_if_asked_to(bool keepAlive)
    {
        await using var host = await EmbeddedHost.StartAsync();
        var grain = host.Grain<ITickGrain>("a");
        host.Probe["tick"].Open();
        var period = TimeSpan.FromMinutes(4);
        await grain.StartAsync(period, period, interleave: false, keepAlive).Soon();
        var gone = host.Cluster.WaitForDeactivationAsync(grain);
        for (var tick = 0; tick < 3; tick++)
        {
            host.Clock.Advance(period);
            await host.Probe["ticked"].ArrivalAsync();
            await host.SettleAsync(grain);
        }

        host.Clock.Advance(TimeSpan.FromMinutes(3));
        if (!keepAlive) await gone.Soon();
        else Assert.Equal(3, await grain.TicksAsync().Soon());
    }
}
