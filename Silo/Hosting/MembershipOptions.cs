using Orleans.Configuration;

namespace OrleansMemory.Silo.Hosting;

/// <summary>What the section <c>OrleansMemory:Cluster</c> holds besides <see cref="Grains.Hosting.PostgresClusterOptions"/>.</summary>
internal sealed class MembershipOptions
{
    /// <summary>Where the silos of the cluster find each other.</summary>
    /// <value>Default: <see cref="MembershipKind.Localhost"/>.</value>
    public MembershipKind Membership { get; set; } = MembershipKind.Localhost;

    /// <summary>How soon a dead silo is noticed: Orleans' own options, for <see cref="MembershipKind.Postgres"/>.</summary>
    /// <value>Default: Orleans' own.</value>
    public ClusterMembershipOptions FailureDetection { get; set; } = new();
}
