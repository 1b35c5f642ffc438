namespace OrleansMemory.Tests.Support;

/// <summary>Silos of one cluster, each in a process of its own, with their membership in one database.</summary>
internal static class ClusterSilos
{
    /// <summary>Starts one more silo of the database's cluster.</summary>
    /// <param name="settings">Further settings.</param>
    public static Task<SiloProcess> StartAsync(string connectionString, params (string Name, string Value)[] settings) =>
        SiloProcess.StartAsync(
            connectionString,
            [("OrleansMemory:Cluster:Membership", "Postgres"), ("OrleansMemory:Cluster:AdvertisedAddress", "127.0.0.1"), .. settings]
        );

    /// <summary>Starts one more silo of the database's cluster, of another build.</summary>
    /// <param name="program">The build's <c>OrleansMemory.Silo.dll</c>.</param>
    public static Task<SiloProcess> StartBuildAsync(string program, string connectionString) =>
        SiloProcess.StartBuildAsync(
            program,
            connectionString,
            ("OrleansMemory:Cluster:Membership", "Postgres"),
            ("OrleansMemory:Cluster:AdvertisedAddress", "127.0.0.1")
        );
}
