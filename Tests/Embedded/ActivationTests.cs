using Microsoft.Extensions.DependencyInjection;
using Orleans.Configuration;
using OrleansMemory.Tests.Support;
using Xunit;

namespace OrleansMemory.Tests.Embedded;

public interface IBornGrain : IGrainWithStringKey
{
    Task<Guid> WhoAsync();

    Task LeaveAsync();
}

internal sealed class BornGrain : Grain, IBornGrain, IAsyncDisposable
{
    private readonly Guid _id = Guid.NewGuid();
    private readonly Probe _probe;
    private readonly Belongings _belongings;

    public BornGrain(Probe probe, Belongings belongings, IGrainContext context)
    {
        Assert.Same(GrainContext, context);
        _probe = probe;
        _belongings = belongings;
        probe.Note("constructed");
        var isFirst = probe.Count("constructed") == 1;
        if (isFirst && this.GetPrimaryKeyString() == "bad constructor") throw new InvalidOperationException("constructor");
    }

    public override async Task OnActivateAsync(CancellationToken cancellationToken)
    {
        if (this.GetPrimaryKeyString() == "slow") await _probe["activation"].PassAsync();
        if (this.GetPrimaryKeyString() == "stubborn") await _probe["never"].PassAsync();
        _probe.Note("activated");
        if (this.GetPrimaryKeyString() == "bad activation")
        {
            await _probe["activation"].PassAsync();
            if (_probe.Count("activated") == 1) throw new InvalidOperationException("activation");
        }
    }

    public override Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken)
    {
        _probe.Note($"deactivated {reason.ReasonCode}");
        return Task.CompletedTask;
    }

    public Task<Guid> WhoAsync() => Task.FromResult(_id);

    public Task LeaveAsync()
    {
        DeactivateOnIdle();
        Assert.False(_belongings.IsDisposed);
        return Task.CompletedTask;
    }

    public ValueTask DisposeAsync()
    {
        _probe.Note("disposed");
        return default;
    }
}

internal sealed class Belongings : IDisposable
{
    public bool IsDisposed { get; private set; }

    public void Dispose() => IsDisposed = true;
}

public sealed class ActivationTests
{
    [Fact]
    public async Task A_thousand_first_calls_at_once_make_one_activation()
    {
        await using var host = await StartAsync();
        var calls = Enumerable.Range(0, 1000).Select(_ => Task.Run(() => host.Grain<IBornGrain>("slow").WhoAsync())).ToArray();
        await host.Probe["activation"].ArrivalAsync();
        host.Probe["activation"].Open();

        var ids = await Task.WhenAll(calls).Soon();

        Assert.Single(ids.Distinct());
        Assert.Equal(1, host.Probe.Count("constructed"));
        Assert.Equal(1, host.Probe.Count("activated"));
    }

    [Fact]
    public async Task Exception_in_activation_reaches_every_waiting_caller_and_the_next_call_activates_anew()
    {
        await using var host = await StartAsync();
        var calls = Enumerable.Range(0, 20).Select(_ => host.Grain<IBornGrain>("bad activation").WhoAsync()).ToArray();
        await host.Probe["activation"].ArrivalAsync();
        Assert.DoesNotContain(calls, static call => call.IsCompleted);
        host.Probe["activation"].Open();

        foreach (var call in calls)
        {
            var exception = await Assert.ThrowsAsync<InvalidOperationException>(() => call.Soon());
            Assert.Equal("activation", exception.Message);
        }

        Assert.Equal(1, host.Probe.Count("disposed"));
        Assert.DoesNotContain(host.Probe.Events, static what => what.StartsWith("deactivated", StringComparison.Ordinal));
        await host.Grain<IBornGrain>("bad activation").WhoAsync().Soon();
        Assert.Equal(2, host.Probe.Count("constructed"));
    }

    [Fact]
    public async Task Exception_in_the_constructor_reaches_the_caller_and_the_next_call_activates_anew()
    {
        await using var host = await StartAsync();
        var grain = host.Grain<IBornGrain>("bad constructor");
        Assert.Equal("constructor", (await Assert.ThrowsAsync<InvalidOperationException>(() => grain.WhoAsync().Soon())).Message);
        await grain.WhoAsync().Soon();
    }

    [Fact]
    public async Task An_activation_that_takes_too_long_fails_and_does_not_block_the_id()
    {
        await using var host = await StartAsync(silo => silo.Configure<GrainCollectionOptions>(options => options.ActivationTimeout = TimeSpan.FromSeconds(5)));
        var call = host.Grain<IBornGrain>("stubborn").WhoAsync();
        await host.Probe["never"].ArrivalAsync();
        host.Clock.Advance(TimeSpan.FromSeconds(5));
        await Assert.ThrowsAsync<TimeoutException>(() => call.Soon());
        host.Probe["never"].Open();
        await host.Grain<IBornGrain>("stubborn").WhoAsync().Soon();
    }

    [Fact]
    public async Task A_grain_has_services_of_its_own_and_is_disposed_with_them()
    {
        await using var host = await StartAsync();
        var grain = host.Grain<IBornGrain>("a");
        await grain.WhoAsync().Soon();
        var gone = host.Cluster.WaitForDeactivationAsync(grain);
        await grain.LeaveAsync().Soon();
        await gone.Soon();
        Assert.Equal(["constructed", "activated", "deactivated ApplicationRequested", "disposed"], host.Probe.Events);
    }

    [Fact]
    public async Task Different_ids_are_different_activations()
    {
        await using var host = await StartAsync();
        Assert.NotEqual(await host.Grain<IBornGrain>("a").WhoAsync().Soon(), await host.Grain<IBornGrain>("b").WhoAsync().Soon());
    }

    private static Task<EmbeddedHost> StartAsync(Action<ISiloBuilder>? configure = null) => EmbeddedHost.StartAsync(silo =>
    {
        silo.Services.AddScoped<Belongings>();
        configure?.Invoke(silo);
    });
}
