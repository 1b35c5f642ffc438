using Microsoft.Extensions.Options;
using Orleans.Configuration;
using OrleansMemory.Certificates;
using OrleansMemory.Grains.Hosting;

namespace OrleansMemory.Silo.Hosting;

/// <summary>Hosts the grains on Orleans, and says who is in the cluster.</summary>
internal static class HostSetup
{
    /// <summary>
    /// The section of <see cref="PostgresClusterOptions"/>, <see cref="ActivationOptions"/> and <see cref="MembershipOptions"/>.
    /// </summary>
    public const string Section = "OrleansMemory:Cluster";

    /// <summary>Hosts grains beside the web app.</summary>
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
                silo.Services.Configure<ClusterMembershipOptions>(section.GetSection(nameof(MembershipOptions.FailureDetection)));
                silo.Services.AddSingleton<IValidateOptions<ClusterMembershipOptions>, FailureDetectionCheck>();
                return;
            }

            // The ids are those of a cluster that may take over from this silo: reminders and grain states belong to them.
            var alone = new PostgresClusterOptions();
            section.Bind(alone);
            builder.Services.AddOptions<PostgresClusterOptions>().Bind(section).ValidateDataAnnotations().ValidateOnStart();
            silo.UseClusterTls(static services => services.GetRequiredService<IOptions<PostgresClusterOptions>>().Value.Tls);
            silo.UseLocalhostClustering(alone.SiloPort, alone.GatewayPort, null, alone.ServiceId, alone.ClusterId);
        });

    /// <summary>Says who the members of the cluster are.</summary>
    /// <param name="services">The app's services.</param>
    /// <returns>How many there are, and where they find each other.</returns>
    public static string Describe(IServiceProvider services)
    {
        if (!IsClustered(services.GetRequiredService<IConfiguration>()))
        {
            return $"this silo alone (set {Section}:Membership to Postgres for more)";
        }

        int members = services.GetRequiredService<ISiloStatusOracle>().GetApproximateSiloStatuses(onlyActive: true).Count;
        return $"{members} of cluster '{services.GetRequiredService<IOptions<ClusterOptions>>().Value.ClusterId}' in PostgreSQL";
    }

    /// <summary>Whether this silo is a member of its cluster.</summary>
    /// <param name="services">The app's services.</param>
    /// <returns>Whether it has joined and has not begun to leave.</returns>
    public static bool HasJoined(IServiceProvider services) =>
        services.GetRequiredService<ISiloStatusOracle>().CurrentStatus == SiloStatus.Active;

    private static bool IsClustered(IConfiguration configuration) =>
        configuration.GetValue($"{Section}:{nameof(MembershipOptions.Membership)}", MembershipKind.Localhost) == MembershipKind.Postgres;
}
