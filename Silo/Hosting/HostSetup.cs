using Microsoft.Extensions.Options;
using Orleans.Configuration;
using OrleansMemory.Grains.Hosting;

namespace OrleansMemory.Silo.Hosting;

/// <summary>Hosts the grains on Orleans.</summary>
internal static class HostSetup
{
    /// <summary>
    /// The section of <see cref="PostgresClusterOptions"/> and <see cref="ActivationOptions"/>, of <c>Membership</c>, which says where silos find each other, and of <c>FailureDetection</c>, Orleans'
    /// own <see cref="ClusterMembershipOptions"/>.
    /// </summary>
    public const string Section = "OrleansMemory:Cluster";

    /// <summary>Hosts grains beside the web app.</summary>
    /// <param name="builder">The app.</param>
    /// <param name="configure">Adds what the grains need.</param>
    public static void AddGrainHost(this IHostApplicationBuilder builder, Action<ISiloBuilder> configure) =>
        builder.UseOrleans(silo =>
        {
            configure(silo);
            IConfigurationSection section = builder.Configuration.GetSection(Section);
            silo.ConfigureActivations(options => section.Bind(options));
            if (IsClustered(builder.Configuration))
            {
                silo.UsePostgresClustering(options => section.Bind(options));
                silo.Services.Configure<ClusterMembershipOptions>(section.GetSection("FailureDetection"));
                return;
            }

            // The ids are those of a cluster that may take over from this silo: reminders and grain states belong to them.
            var alone = new PostgresClusterOptions();
            section.Bind(alone);
            silo.UseLocalhostClustering(alone.SiloPort, alone.GatewayPort, null, alone.ServiceId, alone.ClusterId);
        });

    /// <summary>What the start banner calls it.</summary>
    /// <param name="services">The app's services.</param>
    /// <returns>Which host, and where its silos find each other.</returns>
    public static string Describe(IServiceProvider services) => IsClustered(services.GetRequiredService<IConfiguration>())
        ? $"Orleans, cluster '{services.GetRequiredService<IOptions<ClusterOptions>>().Value.ClusterId}' in PostgreSQL"
        : "Orleans, localhost cluster of one silo (set OrleansMemory:Cluster:Membership to Postgres for more)";

    /// <summary>Whether this silo is a member of its cluster.</summary>
    /// <param name="services">The app's services.</param>
    /// <returns>Whether it has joined and has not begun to leave.</returns>
    public static bool HasJoined(IServiceProvider services) =>
        services.GetRequiredService<ISiloStatusOracle>().CurrentStatus == SiloStatus.Active;

    private static bool IsClustered(IConfiguration configuration) =>
        configuration.GetValue($"{Section}:Membership", MembershipKind.Localhost) == MembershipKind.Postgres;
}
