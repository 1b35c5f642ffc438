using Microsoft.Extensions.Hosting;

namespace Orleans.TestingHost;

/// <summary>How a test host is made.</summary>
public sealed class InProcessTestClusterOptions
{
    /// <summary>How many silos to start.</summary>
    /// <value>Default 1, which is all the embedded host can do.</value>
    public short InitialSilosCount { get; set; } = 1;

    /// <summary>Steps of setting up the application of the silo.</summary>
    public List<Action<InProcessTestSiloSpecificOptions, IHostApplicationBuilder>> SiloHostConfigurationDelegates { get; } = [];

    /// <summary>Steps of setting up the application of the client.</summary>
    public List<Action<IHostApplicationBuilder>> ClientHostConfigurationDelegates { get; } = [];
}

/// <summary>What distinguishes one silo of a test host.</summary>
public sealed class InProcessTestSiloSpecificOptions
{
    /// <summary>The name of the silo.</summary>
    public string SiloName { get; set; } = null!;
}
