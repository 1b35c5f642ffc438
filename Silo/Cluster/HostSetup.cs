namespace OrleansMemory.Silo.Hosting;

/// <summary>The host of the grains in this build: Orleans.</summary>
internal static class HostSetup
{
    /// <summary>What the start banner calls it.</summary>
    public const string Name = "Orleans, localhost cluster";

    /// <summary>Hosts grains beside the web app.</summary>
    /// <param name="builder">The app.</param>
    /// <param name="configure">Adds what the grains need.</param>
    public static void AddGrainHost(this IHostApplicationBuilder builder, Action<ISiloBuilder> configure) =>
        builder.UseOrleans(silo =>
        {
            silo.UseLocalhostClustering(
                builder.Configuration.GetValue("OrleansMemory:Cluster:SiloPort", 11_111),
                builder.Configuration.GetValue("OrleansMemory:Cluster:GatewayPort", 30_000));
            silo.UseInMemoryReminderService();
            configure(silo);
        });
}
