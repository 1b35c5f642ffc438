using Orleans.Configuration;
using OrleansMemory.Tests.Support;
using Xunit;

namespace OrleansMemory.Tests.Embedded;

public interface IPartnerGrain : IGrainWithStringKey
{
    Task CallAsync(string other, string gate);

    Task<int> AnswerAsync();

    Task WorkAsync(string gate);

    [ResponseTimeout("00:00:02")]
    Task HurryAsync(string gate);
}

internal sealed class PartnerGrain(Probe probe) : Grain, IPartnerGrain
{
    public async Task CallAsync(string other, string gate)
    {
        await probe[gate].PassAsync();
        var answer = GrainFactory.GetGrain<IPartnerGrain>(other).AnswerAsync();
        probe["called"].Signal();
        await answer;
    }

    public Task<int> AnswerAsync() => Task.FromResult(42);

    public async Task WorkAsync(string gate)
    {
        probe.Note($"{gate} in");
        await probe[gate].PassAsync();
        probe.Note($"{gate} out");
    }

    public Task HurryAsync(string gate) => WorkAsync(gate);
}

public sealed class TimeoutTests
{
    private static readonly TimeSpan ResponseTimeout = new SiloMessagingOptions().ResponseTimeout;

    [Fact]
    public async Task Grains_that_wait_for_each_other_end_in_a_timeout_and_not_in_a_hang()
    {
        await using var host = await EmbeddedHost.StartAsync();
        var a = host.Grain<IPartnerGrain>("a");
        var b = host.Grain<IPartnerGrain>("b");
        var calls = new[] { a.CallAsync("b", "both"), b.CallAsync("a", "both") };
        await host.Probe["both"].ArrivalAsync();
        await host.Probe["both"].ArrivalAsync();
        host.Probe["both"].Open();
        await host.Probe["called"].ArrivalAsync();
        await host.Probe["called"].ArrivalAsync();

        host.Clock.Advance(ResponseTimeout);

        foreach (var call in calls) await Assert.ThrowsAsync<TimeoutException>(() => call.Soon());

        // The inner calls ended too, so both grains are free again.
        Assert.Equal(42, await a.AnswerAsync().Soon());
        Assert.Equal(42, await b.AnswerAsync().Soon());
    }

    [Fact]
    public async Task A_grain_that_waits_for_itself_ends_in_a_timeout()
    {
        await using var host = await EmbeddedHost.StartAsync();
        var a = host.Grain<IPartnerGrain>("a");
        host.Probe["self"].Open();
        var call = a.CallAsync("a", "self");
        await host.Probe["called"].ArrivalAsync();
        host.Clock.Advance(ResponseTimeout);
        await Assert.ThrowsAsync<TimeoutException>(() => call.Soon());
    }

    [Fact]
    public async Task The_caller_gets_the_timeout_and_the_call_goes_on()
    {
        await using var host = await EmbeddedHost.StartAsync();
        var grain = host.Grain<IPartnerGrain>("a");
        var call = grain.WorkAsync("work");
        await host.Probe["work"].ArrivalAsync();

        host.Clock.Advance(ResponseTimeout - TimeSpan.FromSeconds(1));
        Assert.False(call.IsCompleted);
        host.Clock.Advance(TimeSpan.FromSeconds(1));
        var exception = await Assert.ThrowsAsync<TimeoutException>(() => call.Soon());

        Assert.Contains("IPartnerGrain.WorkAsync", exception.Message, StringComparison.Ordinal);
        var next = grain.AnswerAsync();
        host.Probe["work"].Open();
        Assert.Equal(42, await next.Soon());
        Assert.Equal(1, host.Probe.Count("work out"));
    }

    [Fact]
    public async Task A_method_may_have_a_timeout_of_its_own()
    {
        await using var host = await EmbeddedHost.StartAsync();
        var call = host.Grain<IPartnerGrain>("a").HurryAsync("work");
        await host.Probe["work"].ArrivalAsync();
        host.Clock.Advance(TimeSpan.FromSeconds(2));
        await Assert.ThrowsAsync<TimeoutException>(() => call.Soon());
        host.Probe["work"].Open();
    }

    [Fact]
    public async Task Each_call_times_out_at_its_own_instant_and_without_calls_no_timer_runs()
    {
        await using var host = await EmbeddedHost.StartAsync();
        var resting = host.Clock.PendingTimers;
        var grain = host.Grain<IPartnerGrain>("a");
        var calls = new List<Task>();
        for (var i = 0; i < 10; i++)
        {
            calls.Add(grain.WorkAsync("work"));
            host.Clock.Advance(TimeSpan.FromMilliseconds(370));
        }

        host.Clock.Advance(ResponseTimeout - TimeSpan.FromMilliseconds(3701));
        for (var i = 0; i < 10; i++)
        {
            Assert.All(calls.Skip(i), static call => Assert.False(call.IsCompleted));
            host.Clock.Advance(TimeSpan.FromMilliseconds(i == 0 ? 1 : 370));
            await Assert.ThrowsAsync<TimeoutException>(() => calls[i].Soon());
        }

        host.Probe["work"].Open();
        await grain.AnswerAsync().Soon();
        host.Clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(resting, host.Clock.PendingTimers);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_queued_call_whose_caller_has_gone_is_dropped_if_the_options_say_so(bool drop)
    {
        await using var host = await EmbeddedHost.StartAsync(
            silo => silo.Configure<SiloMessagingOptions>(options => options.DropExpiredMessages = drop));
        var grain = host.Grain<IPartnerGrain>("a");
        var first = grain.WorkAsync("first");
        await host.Probe["first"].ArrivalAsync();
        var queued = grain.WorkAsync("queued");
        host.Probe["queued"].Open();
        host.Clock.Advance(ResponseTimeout);
        await Assert.ThrowsAsync<TimeoutException>(() => first.Soon());
        await Assert.ThrowsAsync<TimeoutException>(() => queued.Soon());

        host.Probe["first"].Open();
        await grain.AnswerAsync().Soon();
        Assert.Equal(drop ? 0 : 1, host.Probe.Count("queued in"));
    }

    [Fact]
    public async Task A_grain_that_blocks_its_thread_does_not_keep_its_callers_from_timing_out()
    {
        using var release = new ManualResetEventSlim();
        await using var host = await EmbeddedHost.StartAsync(silo => silo.ConfigureServices(
            services => services.Add(new(typeof(ManualResetEventSlim), release))));
        var grain = host.Grain<IBlockingGrain>("a");
        var call = grain.BlockAsync();
        await host.Probe["blocked"].ArrivalAsync();
        host.Clock.Advance(ResponseTimeout);
        await Assert.ThrowsAsync<TimeoutException>(() => call.Soon());
        release.Set();
    }
}

public interface IBlockingGrain : IGrainWithStringKey
{
    Task BlockAsync();
}

internal sealed class BlockingGrain(Probe probe, ManualResetEventSlim release) : Grain, IBlockingGrain
{
    public Task BlockAsync()
    {
        probe["blocked"].Signal();
        release.Wait(Timings.Patience);
        return Task.CompletedTask;
    }
}
