namespace OrleansMemory.Silo.Hosting;

/// <summary>Where the silos of a cluster find each other: the setting <c>OrleansMemory:Cluster:Membership</c>.</summary>
internal enum MembershipKind
{
    /// <summary>Nowhere: one silo, on the loopback. The default.</summary>
    Localhost,

    /// <summary>In the PostgreSQL database that holds the conversations.</summary>
    Postgres,
}
