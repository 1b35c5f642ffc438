using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using Orleans.Configuration;
using Orleans.TestingHost;
using OrleansMemory.Tests.Support;
using Xunit;

namespace OrleansMemory.Tests.Embedded;

public interface IStayGrain : IGrainWithStringKey
{
    Task<Guid> WhoAsync();

    Task WaitAsync(string gate);

    Task WaitAndCallAsync(string gate, string other);
}

internal sealed class StayGrain(Probe probe) : Grain, IStayGrain
{
    private readonly Guid _id = Guid.NewGuid();

    public override async Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken)
    {
        if (this.GetPrimaryKeyString() == "calls late") await GrainFactory.GetGrain<IStayGrain>("late").WhoAsync();
        if (this.GetPrimaryKeyString() == "stubborn") await probe["stubborn"].PassAsync();
        probe.Note($"{this.GetPrimaryKeyString()} {reason.ReasonCode}");
    }

    public Task<Guid> WhoAsync() => Task.FromResult(_id);

    public async Task WaitAsync(string gate)
    {
        await probe[gate].PassAsync();
        probe.Note($"{gate} out");
    }

    public async Task WaitAndCallAsync(string gate, string other)
    {
        await probe[gate].PassAsync();
        await GrainFactory.GetGrain<IStayGrain>(other).WhoAsync();
        probe.Note($"{gate} out");
    }
}

public sealed class HostTests
{
    [Fact]
    public async Task Several_hosts_in_one_process_know_nothing_of_each_other()
    {
        await using var first = await EmbeddedHost.StartAsync();
        await using var second = await EmbeddedHost.StartAsync();
        await using var third = await EmbeddedHost.StartAsync();
        var ids = await Task.WhenAll(new[] { first, second, third }.Select(static host => host.Grain<IStayGrain>("a").WhoAsync())).Soon();
        Assert.Equal(3, ids.Distinct().Count());
        await second.Cluster.StopAllSilosAsync().Soon();
        Assert.Equal(ids[0], await first.Grain<IStayGrain>("a").WhoAsync().Soon());
        Assert.Equal(["a ShuttingDown"], second.Probe.Events);
        Assert.Empty(first.Probe.Events);
    }

    [Fact]
    public async Task Stopping_waits_for_running_and_queued_calls_and_deactivates_every_grain()
    {
        await using var host = await EmbeddedHost.StartAsync();
        var running = host.Grain<IStayGrain>("a").WaitAndCallAsync("running", "b");
        await host.Probe["running"].ArrivalAsync();
        var queued = host.Grain<IStayGrain>("a").WaitAsync("queued");
        await host.Grain<IStayGrain>("calls late").WhoAsync().Soon();
        var grain = host.Grain<IStayGrain>("a");

        var silo = host.Cluster.Silos[0];
        var stopping = host.Cluster.StopSiloAsync(silo);
        var refused = await Assert.ThrowsAsync<SiloUnavailableException>(() => grain.WhoAsync().Soon());
        Assert.Contains("stopping", refused.Message, StringComparison.Ordinal);
        Assert.False(stopping.IsCompleted);
        host.Probe["running"].Open();
        await running.Soon();
        await host.Probe["queued"].ArrivalAsync();
        Assert.False(stopping.IsCompleted);
        host.Probe["queued"].Open();
        await Task.WhenAll(queued, stopping).Soon();

        Assert.Equal(["running out", "queued out"], host.Probe.Events.Take(2));
        Assert.Equal(["a", "b", "calls late", "late"], host.Probe.Events.Skip(2).Select(static what => what.Replace(" ShuttingDown", string.Empty, StringComparison.Ordinal)).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Calls_after_the_stop_are_refused_clearly()
    {
        await using var host = await EmbeddedHost.StartAsync();
        var grain = host.Grain<IStayGrain>("a");
        await grain.WhoAsync().Soon();
        await host.Cluster.StopAllSilosAsync().Soon();
        var exception = await Assert.ThrowsAsync<SiloUnavailableException>(() => grain.WhoAsync().Soon());
        Assert.IsAssignableFrom<OrleansException>(exception);
        Assert.Contains("stopped", exception.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("a ", host.Probe.Events.Where(static what => what.EndsWith("out", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Calls_before_the_start_are_refused_clearly()
    {
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.UseOrleans(static silo => silo.UseLocalhostClustering().Services.AddSingleton<Probe>());
        using var host = builder.Build();
        var grain = host.Services.GetRequiredService<IGrainFactory>().GetGrain<IStayGrain>("a");
        var exception = await Assert.ThrowsAsync<SiloUnavailableException>(() => grain.WhoAsync().Soon());
        Assert.Contains("not been started", exception.Message, StringComparison.Ordinal);
        await host.StartAsync();
        await grain.WhoAsync().Soon();
        await host.StopAsync();
    }

    [Fact]
    public async Task A_killed_host_leaves_running_calls_alone_and_their_callers_get_an_error()
    {
        await using var host = await EmbeddedHost.StartAsync();
        var running = host.Grain<IStayGrain>("a").WaitAsync("running");
        await host.Probe["running"].ArrivalAsync();
        await host.Cluster.KillSiloAsync(host.Cluster.Silos[0]).Soon();
        await Assert.ThrowsAsync<SiloUnavailableException>(() => running.Soon());
        host.Probe["running"].Open();
    }

    [Fact]
    public async Task A_grain_that_will_not_leave_does_not_keep_the_host_from_stopping()
    {
        await using var host = await EmbeddedHost.StartAsync(
            static silo => silo.Configure<GrainCollectionOptions>(static options => options.DeactivationTimeout = TimeSpan.FromSeconds(7)));
        await host.Grain<IStayGrain>("stubborn").WhoAsync().Soon();
        var stopping = host.Cluster.StopAllSilosAsync();
        await host.Probe["stubborn"].ArrivalAsync();
        host.Clock.Advance(TimeSpan.FromSeconds(7));
        await stopping.Soon();
        host.Probe["stubborn"].Open();
    }

    [Fact]
    public async Task Both_kinds_of_host_builder_can_hold_grains_and_share_their_services()
    {
        var probe = new Probe();
        using var classic = new HostBuilder()
            .UseOrleans((context, silo) =>
            {
                Assert.NotNull(context.Configuration);
                silo.UseLocalhostClustering(serviceId: "s", clusterId: "c").ConfigureServices(services => services.AddSingleton(probe));
            })
            .UseOrleans(static silo => silo.Configure<SiloMessagingOptions>(static options => options.ResponseTimeout = TimeSpan.FromMinutes(1)))
            .Build();
        await classic.StartAsync();
        await classic.Services.GetRequiredService<IClusterClient>().GetGrain<IStayGrain>("a").WhoAsync().Soon();
        Assert.Same(classic.Services.GetRequiredService<IGrainFactory>(), classic.Services.GetRequiredService<EmbeddedSilo>().Factory);
        Assert.Equal(TimeSpan.FromMinutes(1), classic.Services.GetRequiredService<EmbeddedSilo>().ResponseTimeout);
        Assert.Single(classic.Services.GetServices<IHostedService>().OfType<EmbeddedSilo>());
        await classic.StopAsync();
        Assert.Equal(["a ShuttingDown"], probe.Events);
    }

    [Fact]
    public void More_than_one_silo_is_refused_with_the_way_out()
    {
        var exception = Assert.Throws<NotSupportedException>(static () => new InProcessTestClusterBuilder(2));
        Assert.Contains("Cluster=true", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_client_of_a_test_host_has_services_of_its_own()
    {
        var builder = new InProcessTestClusterBuilder(1);
        builder.ConfigureHost(static host => host.Services.AddSingleton<Probe>());
        builder.ConfigureClient(static client => client.Services.AddSingleton<Tally>());
        await using var cluster = builder.Build();
        Assert.Throws<InvalidOperationException>(() => cluster.Client);
        await cluster.DeployAsync();
        await cluster.Client.GetGrain<IStayGrain>("a").WhoAsync().Soon();
        Assert.NotNull(cluster.Client.ServiceProvider.GetService<Tally>());
        Assert.Null(cluster.GetSiloServiceProvider().GetService<Tally>());
        Assert.NotSame(cluster.Client.ServiceProvider.GetService<Probe>(), cluster.Silos[0].ServiceProvider.GetService<Probe>());
    }

    [Theory]
    [InlineData(nameof(GrainCollectionOptions.CollectionAge))]
    [InlineData(nameof(GrainCollectionOptions.CollectionQuantum))]
    [InlineData(nameof(GrainCollectionOptions.ActivationTimeout))]
    [InlineData(nameof(GrainCollectionOptions.DeactivationTimeout))]
    [InlineData(nameof(SiloMessagingOptions.ResponseTimeout))]
    [InlineData(nameof(ReminderOptions.RefreshReminderListPeriod))]
    public async Task Options_that_cannot_work_keep_the_host_from_starting(string option)
    {
        var exception = await Assert.ThrowsAsync<OptionsValidationException>(() => EmbeddedHost.StartAsync(silo => silo
            .UseInMemoryReminderService()
            .Configure<GrainCollectionOptions>(options => Spoil(options, option))
            .Configure<SiloMessagingOptions>(options => Spoil(options, option))
            .Configure<ReminderOptions>(options => Spoil(options, option))).Soon());
        Assert.Contains(option, exception.Message, StringComparison.Ordinal);
    }

    private static void Spoil(object options, string option) => options.GetType().GetProperty(option)?.SetValue(options, TimeSpan.Zero);
}
