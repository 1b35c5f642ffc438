using System.Data.Common;
using System.Diagnostics.Metrics;
using OpenTelemetry.Metrics;
using OrleansMemory.Silo.Settings;

namespace OrleansMemory.Silo.Telemetry;

/// <summary>
/// Npgsql's instruments name their pool: ours have names of their own, that of Orleans' providers is known by its connection string, which
/// never holds the password. Where it holds the password of a client certificate's key, pools are not told apart.
/// </summary>
internal static class DatabaseMetrics
{
    private static readonly string[] Secrets = ["SSL Password", "SslPassword"];

    /// <summary>Whether the connection string holds what Npgsql would tell.</summary>
    public static bool HoldSecret(IConfiguration configuration)
    {
        try
        {
            var given = new DbConnectionStringBuilder { ConnectionString = configuration[SiloSections.ConnectionString] ?? "" };
            return Secrets.Any(given.ContainsKey);
        }
        catch (ArgumentException)
        {
            // It is a URI, which the store's options turn into one, or wrong: then nothing is told of it.
            return true;
        }
    }

    /// <summary>Takes the pool's name from Npgsql's instruments.</summary>
    /// <param name="instrument">Any instrument.</param>
    /// <returns>What is kept of one of Npgsql's; <see langword="null"/> for the others.</returns>
    public static MetricStreamConfiguration? WithoutPools(Instrument instrument) =>
        instrument.Meter.Name == DatabaseTraces.Source
            ? new MetricStreamConfiguration { TagKeys = ["db.client.connection.state", "error.type"] }
            : null;
}
