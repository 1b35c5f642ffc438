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
            silo.UseLocalhostClustering();
            silo.UseInMemoryReminderService();
            configure(silo);
        });
}
