using Microsoft.Extensions.Hosting;
using Orleans.Hosting;

namespace Orleans.TestingHost;

/// <summary>Sets up a grain host for a test. Many can run in one process; they know nothing of each other.</summary>
public sealed class InProcessTestClusterBuilder
{
    /// <summary>A host of one silo. (The cluster build starts two.)</summary>
    public InProcessTestClusterBuilder()
        : this(1)
    {
    }

    /// <summary>A host of one silo.</summary>
    /// <param name="initialSilosCount">How many silos to start; the embedded host has no more than one.</param>
    /// <exception cref="NotSupportedException">More than one silo.</exception>
    public InProcessTestClusterBuilder(short initialSilosCount)
    {
        InProcessTestCluster.RequireSingleSilo(initialSilosCount);
        Options = new InProcessTestClusterOptions { InitialSilosCount = initialSilosCount };
    }

    /// <summary>What was set up so far.</summary>
    public InProcessTestClusterOptions Options { get; }

    /// <summary>Sets up both the application of the silo and that of the client.</summary>
    /// <param name="configureDelegate">Sets it up.</param>
    /// <returns>The builder.</returns>
    public InProcessTestClusterBuilder ConfigureHost(Action<IHostApplicationBuilder> configureDelegate)
    {
        Options.SiloHostConfigurationDelegates.Add((_, hostBuilder) => configureDelegate(hostBuilder));
        Options.ClientHostConfigurationDelegates.Add(configureDelegate);
        return this;
    }

    /// <summary>Sets up the silo.</summary>
    /// <param name="configureSiloDelegate">Sets it up.</param>
    /// <returns>The builder.</returns>
    public InProcessTestClusterBuilder ConfigureSilo(Action<InProcessTestSiloSpecificOptions, ISiloBuilder> configureSiloDelegate) =>
        ConfigureSiloHost((options, hostBuilder) => hostBuilder.UseOrleans(siloBuilder => configureSiloDelegate(options, siloBuilder)));

    /// <summary>Sets up the application of the silo.</summary>
    /// <param name="configureSiloHostDelegate">Sets it up.</param>
    /// <returns>The builder.</returns>
    public InProcessTestClusterBuilder ConfigureSiloHost(
        Action<InProcessTestSiloSpecificOptions, IHostApplicationBuilder> configureSiloHostDelegate)
    {
        Options.SiloHostConfigurationDelegates.Add(configureSiloHostDelegate);
        return this;
    }

    /// <summary>Sets up the client.</summary>
    /// <param name="configureClientDelegate">Sets it up.</param>
    /// <returns>The builder.</returns>
    public InProcessTestClusterBuilder ConfigureClient(Action<IClientBuilder> configureClientDelegate) =>
        ConfigureClientHost(hostBuilder => configureClientDelegate(new ClientBuilder(hostBuilder.Services, hostBuilder.Configuration)));

    /// <summary>Sets up the application of the client.</summary>
    /// <param name="configureHostDelegate">Sets it up.</param>
    /// <returns>The builder.</returns>
    public InProcessTestClusterBuilder ConfigureClientHost(Action<IHostApplicationBuilder> configureHostDelegate)
    {
        Options.ClientHostConfigurationDelegates.Add(configureHostDelegate);
        return this;
    }

    /// <summary>Makes the host; <see cref="InProcessTestCluster.DeployAsync"/> starts it.</summary>
    public InProcessTestCluster Build() => new(Options);
}
