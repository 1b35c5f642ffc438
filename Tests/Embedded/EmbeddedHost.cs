using Microsoft.Extensions.DependencyInjection;
using Orleans.Runtime.Activations;
using Orleans.Runtime.Calls;
using Orleans.TestingHost;
using OrleansMemory.Tests.Support;

namespace OrleansMemory.Tests.Embedded;

/// <summary>A running embedded host with a clock that stands still and a probe that its grains can ask for.</summary>
internal sealed class EmbeddedHost : IAsyncDisposable
{
    private EmbeddedHost(InProcessTestCluster cluster, TestClock clock, Probe probe)
    {
        Cluster = cluster;
        Clock = clock;
        Probe = probe;
    }

    public InProcessTestCluster Cluster { get; }

    public TestClock Clock { get; }

    public Probe Probe { get; }

    public EmbeddedSilo Silo => Cluster.GetSiloServiceProvider().GetRequiredService<EmbeddedSilo>();

    public static async Task<EmbeddedHost> StartAsync(Action<ISiloBuilder>? configure = null)
    {
        var clock = new TestClock();
        var probe = new Probe();
        var builder = new InProcessTestClusterBuilder(1);
        builder.ConfigureSilo((_, silo) =>
        {
            silo.Services.AddSingleton<TimeProvider>(clock);
            silo.Services.AddSingleton(probe);
            configure?.Invoke(silo);
        });
        var cluster = builder.Build();
        await cluster.DeployAsync();
        return new(cluster, clock, probe);
    }

    public T Grain<T>(string key) where T : IGrainWithStringKey => Cluster.Client.GetGrain<T>(key);

    /// <summary>Waits until the grain has done what it had to do so far, without counting as use of it.</summary>
    public async Task SettleAsync(IAddressable grain)
    {
        var activation = Silo.Classes.Get(grain.GetGrainId().Type).Find(grain.GetPrimaryKeyString());
        if (activation is null) return;
        var settled = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        if (activation.TryDeliver(new Marker(settled))) await Task.WhenAny(settled.Task, activation.Deactivated).Soon();
    }

    /// <summary>Moves the clock so that a reminder ticks, and waits until the grain has seen it and the reminder waits for its next
    /// tick.</summary>
    public async Task TickAsync(TimeSpan time)
    {
        var armed = Clock.PendingTimers;
        Clock.Advance(time);
        await Probe["tick"].ArrivalAsync();
        await Clock.WhenPendingAsync(armed).Soon();
    }

    public ValueTask DisposeAsync() => Cluster.DisposeAsync();

    private sealed class Marker(TaskCompletionSource settled) : ActivationCommand
    {
        internal override void Run(Activation activation) => settled.SetResult();
    }
}
