using System.Collections.ObjectModel;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Orleans.Runtime;
using Orleans.Runtime.Activations;

namespace Orleans.TestingHost;

/// <summary>A grain host for a test: one silo, and a client with services of its own.</summary>
public sealed class InProcessTestCluster : IAsyncDisposable
{
    private readonly List<InProcessSiloHandle> _silos = [];
    private IHost? _clientHost;

    /// <summary>Makes a host; <see cref="DeployAsync"/> starts it.</summary>
    /// <param name="options">How it is made.</param>
    public InProcessTestCluster(InProcessTestClusterOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        Options = options;
    }

    /// <summary>How the host is made.</summary>
    public InProcessTestClusterOptions Options { get; }

    /// <summary>The running silos.</summary>
    public ReadOnlyCollection<InProcessSiloHandle> Silos => new List<InProcessSiloHandle>(_silos).AsReadOnly();

    /// <summary>The client.</summary>
    /// <exception cref="InvalidOperationException">The host has not been started or has stopped.</exception>
    public IClusterClient Client => _clientHost?.Services.GetRequiredService<IClusterClient>()
        ?? throw new InvalidOperationException("There is a client only between DeployAsync and StopAllSilosAsync.");

    /// <summary>Starts the silo and the client.</summary>
    /// <exception cref="NotSupportedException">More than one silo was asked for.</exception>
    public async Task DeployAsync()
    {
        RequireSingleSilo(Options.InitialSilosCount);
        if (_silos.Count > 0) throw new InvalidOperationException("The test host runs already.");
        if (Options.InitialSilosCount == 0) return;
        var silo = await StartSiloAsync();
        _silos.Add(silo);
        _clientHost = StartClient(silo.ServiceProvider.GetRequiredService<IGrainFactory>());
        await _clientHost.StartAsync();
    }

    /// <summary>The services of the silo.</summary>
    public IServiceProvider GetSiloServiceProvider() => _silos.Count > 0
        ? _silos[0].ServiceProvider
        : throw new InvalidOperationException("No silo runs.");

    /// <summary>Completes when the current activation of a grain is gone; at once when there is none.</summary>
    /// <param name="grain">A reference to the grain.</param>
    public Task WaitForDeactivationAsync(IAddressable grain) => FindContext(grain.GetGrainId())?.Deactivated ?? Task.CompletedTask;

    /// <summary>Deactivates a grain and waits until its activation is gone.</summary>
    /// <param name="grain">A reference to the grain.</param>
    public async Task DeactivateAsync(IAddressable grain)
    {
        if (FindContext(grain.GetGrainId()) is not { } context) return;
        context.Deactivate(new(DeactivationReasonCode.ApplicationRequested, "The test asked for it."));
        await context.Deactivated;
    }

    /// <summary>Stops the client and the silo; calls and activations get time to finish.</summary>
    public async Task StopAllSilosAsync()
    {
        if (_clientHost is { } client)
        {
            _clientHost = null;
            await client.StopAsync();
            client.Dispose();
        }

        foreach (var silo in Silos) await StopSiloAsync(silo);
    }

    /// <summary>Stops a silo; calls and activations get time to finish.</summary>
    /// <param name="instance">The silo.</param>
    public async Task StopSiloAsync(InProcessSiloHandle instance)
    {
        ArgumentNullException.ThrowIfNull(instance);
        _silos.Remove(instance);
        await instance.StopSiloAsync(stopGracefully: true);
        await instance.DisposeAsync();
    }

    /// <summary>Stops a silo without waiting for calls and activations.</summary>
    /// <param name="instance">The silo.</param>
    public async Task KillSiloAsync(InProcessSiloHandle instance)
    {
        ArgumentNullException.ThrowIfNull(instance);
        _silos.Remove(instance);
        await instance.StopSiloAsync(stopGracefully: false);
        await instance.DisposeAsync();
    }

    /// <inheritdoc />
    public async ValueTask DisposeAsync() => await StopAllSilosAsync();

    internal static void RequireSingleSilo(short count)
    {
        if (count > 1)
        {
            throw new NotSupportedException(
                $"{count} silos were asked for, but the embedded host has no cluster. Build with Cluster=true to test more than one.");
        }
    }

    private Activation? FindContext(GrainId grainId)
    {
        var silo = GetSiloServiceProvider().GetRequiredService<EmbeddedSilo>();
        return silo.Classes.Get(grainId.Type).Find(grainId.Key.ToString());
    }

    private static HostApplicationBuilder NewApplication(string name) => Host.CreateEmptyApplicationBuilder(new()
    {
        ApplicationName = name,
        EnvironmentName = Environments.Development,
        DisableDefaults = true,
    });

    private async Task<InProcessSiloHandle> StartSiloAsync()
    {
        var specific = new InProcessTestSiloSpecificOptions { SiloName = "Silo_0" };
        var application = NewApplication(specific.SiloName);
        foreach (var configure in Options.SiloHostConfigurationDelegates) configure(specific, application);
        application.UseOrleans();
        var host = application.Build();
        try
        {
            await host.StartAsync();
        }
        catch
        {
            host.Dispose();
            throw;
        }

        return new InProcessSiloHandle { Name = specific.SiloName, SiloHost = host };
    }

    private IHost StartClient(IGrainFactory grains)
    {
        var application = NewApplication("TestClusterClient");
        foreach (var configure in Options.ClientHostConfigurationDelegates) configure(application);
        application.Services.AddSingleton(grains);
        application.Services.AddSingleton<IClusterClient, ClusterClient>();
        return application.Build();
    }
}
