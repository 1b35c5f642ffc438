namespace OrleansMemory.Silo.Hosting;

/// <summary>The host of the grains in this build: our own, in this process.</summary>
internal static class HostSetup
{
    /// <summary>Hosts grains beside the web app.</summary>
    /// <param name="builder">The app.</param>
    /// <param name="configure">Adds what the grains need.</param>
    public static void AddGrainHost(this IHostApplicationBuilder builder, Action<ISiloBuilder> configure) => builder.UseOrleans(configure);

    /// <summary>What the start banner calls it.</summary>
    /// <param name="services">The app's services.</param>
    /// <returns>Which host.</returns>
    public static string Describe(IServiceProvider services) => "embedded, one process";

    /// <summary>Whether this silo is a member of its cluster.</summary>
    /// <param name="services">The app's services.</param>
    /// <returns>True: it is alone, and runs before the app listens.</returns>
    public static bool HasJoined(IServiceProvider services) => true;
}
