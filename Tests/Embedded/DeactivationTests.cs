using Orleans.Configuration;
using OrleansMemory.Tests.Support;
using Xunit;

namespace OrleansMemory.Tests.Embedded;

public interface ICountGrain : IGrainWithStringKey
{
    Task<int> CountAsync(bool leave);

    Task WaitAsync(string gate);

    Task LeaveAndWaitAsync(string gate);

    Task DelayAsync(TimeSpan time);
}

internal sealed class CountGrain(Probe probe, Tally tally) : Grain, ICountGrain
{
    private int _here;
    private bool _left;

    public override Task OnActivateAsync(CancellationToken cancellationToken)
    {
        tally.Enter(this.GetPrimaryKeyString());
        return Task.CompletedTask;
    }

    public override async Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken)
    {
        if (_left) probe.Note("deactivated twice");
        _left = true;
        if (this.GetPrimaryKeyString() == "slow leave") await probe["leave"].PassUnlessAsync(cancellationToken);
        if (this.GetPrimaryKeyString() == "bad leave") throw new InvalidOperationException("leave");
        await Task.Yield();
        tally.Leave(this.GetPrimaryKeyString(), reason.ReasonCode);
    }

    public async Task<int> CountAsync(bool leave)
    {
        if (_left) probe.Note("called after deactivation");
        tally.Add(this.GetPrimaryKeyString());
        if (leave) DeactivateOnIdle();
        if ((_here & 3) == 0) await Task.Yield();
        return ++_here;
    }

    public Task WaitAsync(string gate) => probe[gate].PassAsync();

    public Task LeaveAndWaitAsync(string gate)
    {
        DeactivateOnIdle();
        DeactivateOnIdle();
        return probe[gate].PassAsync();
    }

    public Task DelayAsync(TimeSpan time)
    {
        DelayDeactivation(time);
        return Task.CompletedTask;
    }
}

/// <summary>Counts, per key, what happened in all activations together.</summary>
internal sealed class Tally
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, int> _calls = new(StringComparer.Ordinal);
    private readonly HashSet<string> _active = new(StringComparer.Ordinal);

    public int Activations { get; private set; }

    public List<DeactivationReasonCode> Reasons { get; } = [];

    public bool SawTwoAtOnce { get; private set; }

    public void Enter(string key)
    {
        lock (_lock)
        {
            SawTwoAtOnce |= !_active.Add(key);
            Activations++;
        }
    }

    public void Leave(string key, DeactivationReasonCode reason)
    {
        lock (_lock)
        {
            SawTwoAtOnce |= !_active.Remove(key);
            Reasons.Add(reason);
        }
    }

    public void Add(string key)
    {
        lock (_lock) _calls[key] = _calls.GetValueOrDefault(key) + 1;
    }

    public int CallsOf(string key)
    {
        lock (_lock) return _calls.GetValueOrDefault(key);
    }
}

public sealed class DeactivationTests
{
    private readonly Tally _tally = new();

    [Theory]
    [InlineData(1)]
    [InlineData(20260704)]
    public async Task Deactivation_never_loses_a_queued_call(int seed)
    {
        await using var host = await StartAsync();
        var keys = new[] { "a", "b", "c" };
        const int callers = 12, calls = 1500;
        var done = new int[keys.Length];
        await Task.WhenAll(Enumerable.Range(0, callers).Select(caller => Task.Run(async () =>
        {
            var random = new Random(seed + caller);
            for (var i = 0; i < calls; i++)
            {
                var key = random.Next(keys.Length);
                var grain = host.Grain<ICountGrain>(keys[key]);
                var pending = Enumerable.Range(0, random.Next(1, 4)).Select(_ => grain.CountAsync(random.Next(4) == 0)).ToArray();
                if (random.Next(8) == 0) _ = host.Cluster.DeactivateAsync(grain);
                await Task.WhenAll(pending);
                Interlocked.Add(ref done[key], pending.Length);
            }
        }))).Soon();

        for (var key = 0; key < keys.Length; key++) Assert.Equal(done[key], _tally.CallsOf(keys[key]));
        Assert.Empty(host.Probe.Events);
        Assert.False(_tally.SawTwoAtOnce);
        Assert.True(_tally.Activations > 1000, $"only {_tally.Activations} activations");
        await host.Cluster.StopAllSilosAsync().Soon();
        Assert.Equal(_tally.Activations, _tally.Reasons.Count);
    }

    [Fact]
    public async Task Calls_of_one_caller_keep_their_order_over_deactivations()
    {
        await using var host = await StartAsync();
        var grain = host.Grain<ICountGrain>("a");
        var calls = Enumerable.Range(0, 3000).Select(i => grain.CountAsync(i % 7 == 6)).ToArray();
        var counts = await Task.WhenAll(calls).Soon();

        // Each activation counts from 1; a later call never lands in an earlier activation.
        for (var i = 1; i < counts.Length; i++) Assert.True(counts[i] == counts[i - 1] + 1 || counts[i] == 1, $"{counts[i - 1]} before {counts[i]}");
        Assert.Equal(3000, _tally.CallsOf("a"));
    }

    [Fact]
    public async Task An_idle_grain_is_deactivated_by_the_clock()
    {
        await using var host = await StartAsync();
        var grain = host.Grain<ICountGrain>("a");
        await grain.CountAsync(leave: false).Soon();
        var gone = host.Cluster.WaitForDeactivationAsync(grain);

        host.Clock.Advance(TimeSpan.FromMinutes(14));
        Assert.False(gone.IsCompleted);
        host.Clock.Advance(TimeSpan.FromMinutes(1));
        await gone.Soon();

        Assert.Equal([DeactivationReasonCode.ActivationIdle], _tally.Reasons);
        Assert.Equal(1, await grain.CountAsync(leave: false).Soon());
        Assert.Equal(2, _tally.Activations);
    }

    [Fact]
    public async Task A_class_may_have_a_collection_age_of_its_own()
    {
        await using var host = await StartAsync(silo => silo.Configure<GrainCollectionOptions>(
            options => options.ClassSpecificCollectionAge[typeof(CountGrain).FullName!] = TimeSpan.FromMinutes(2)));
        var grain = host.Grain<ICountGrain>("a");
        await grain.CountAsync(leave: false).Soon();
        var gone = host.Cluster.WaitForDeactivationAsync(grain);
        host.Clock.Advance(TimeSpan.FromMinutes(2));
        await gone.Soon();
    }

    [Fact]
    public async Task A_used_or_busy_grain_stays()
    {
        await using var host = await StartAsync();
        var used = host.Grain<ICountGrain>("used");
        var busy = host.Grain<ICountGrain>("busy");
        var work = busy.WaitAsync("work");
        await host.Probe["work"].ArrivalAsync();
        for (var i = 1; i < 40; i++)
        {
            Assert.Equal(i, await used.CountAsync(leave: false).Soon());
            host.Clock.Advance(TimeSpan.FromMinutes(1));
        }

        Assert.Equal(2, _tally.Activations);
        Assert.Empty(_tally.Reasons);
        host.Probe["work"].Open();
        await Assert.ThrowsAsync<TimeoutException>(() => work.Soon());
    }

    [Fact]
    public async Task Deactivation_can_be_delayed_and_the_delay_taken_back()
    {
        await using var host = await StartAsync();
        var grain = host.Grain<ICountGrain>("a");
        await grain.DelayAsync(TimeSpan.FromHours(1)).Soon();
        var gone = host.Cluster.WaitForDeactivationAsync(grain);
        host.Clock.Advance(TimeSpan.FromMinutes(59));
        await grain.DelayAsync(Timeout.InfiniteTimeSpan).Soon();
        host.Clock.Advance(TimeSpan.FromDays(1));
        await grain.DelayAsync(TimeSpan.Zero).Soon();
        Assert.Equal(1, _tally.Activations);
        Assert.False(gone.IsCompleted);
        host.Clock.Advance(TimeSpan.FromMinutes(16));
        await gone.Soon();
    }

    [Fact]
    public async Task A_call_that_comes_while_a_grain_leaves_waits_for_the_next_activation()
    {
        await using var host = await StartAsync();
        var grain = host.Grain<ICountGrain>("slow leave");
        Assert.Equal(1, await grain.CountAsync(leave: true).Soon());
        await host.Probe["leave"].ArrivalAsync();
        var call = grain.CountAsync(leave: false);
        Assert.False(call.IsCompleted);
        host.Probe["leave"].Open();
        Assert.Equal(1, await call.Soon());
        Assert.Equal(2, _tally.Activations);
        Assert.False(_tally.SawTwoAtOnce);
    }

    [Fact]
    public async Task A_grain_that_leaves_ends_its_running_request_first_and_starts_no_other()
    {
        await using var host = await StartAsync();
        var grain = host.Grain<ICountGrain>("a");
        var running = grain.LeaveAndWaitAsync("work");
        await host.Probe["work"].ArrivalAsync();
        var queued = grain.CountAsync(leave: false);
        Assert.Empty(_tally.Reasons);
        host.Probe["work"].Open();
        await running.Soon();
        Assert.Equal(1, await queued.Soon());
        Assert.Equal([DeactivationReasonCode.ApplicationRequested], _tally.Reasons);
        Assert.Equal(2, _tally.Activations);
    }

    [Fact]
    public async Task An_exception_while_leaving_harms_nobody()
    {
        await using var host = await StartAsync();
        var grain = host.Grain<ICountGrain>("bad leave");
        var counts = await Task.WhenAll(grain.CountAsync(leave: true), grain.CountAsync(leave: true), grain.CountAsync(leave: false)).Soon();
        Assert.Equal([1, 1, 1], counts);
    }

    [Fact]
    public async Task A_grain_that_takes_too_long_to_leave_is_given_up()
    {
        await using var host = await StartAsync(silo => silo.Configure<GrainCollectionOptions>(options => options.DeactivationTimeout = TimeSpan.FromSeconds(9)));
        var grain = host.Grain<ICountGrain>("slow leave");
        await grain.CountAsync(leave: true).Soon();
        await host.Probe["leave"].ArrivalAsync();
        var call = grain.CountAsync(leave: false);
        host.Clock.Advance(TimeSpan.FromSeconds(9));
        Assert.Equal(1, await call.Soon());
        host.Probe["leave"].Open();
    }

    private Task<EmbeddedHost> StartAsync(Action<ISiloBuilder>? configure = null) => EmbeddedHost.StartAsync(silo =>
    {
        silo.ConfigureServices(services => services.Add(new(typeof(Tally), _tally)));
        configure?.Invoke(silo);
    });
}
