using Npgsql;

namespace OrleansMemory.Grains.Storage.Postgres.Clustering;

/// <summary>
/// How the ADO.NET providers of Orleans connect. Their statements name tables without a schema, so ours is put on the search path. Npgsql
/// keeps a pool per connection string, so clustering, reminders and grain states share one, and none of our own connections is in it.
/// </summary>
internal static class ProviderConnection
{
    /// <summary>The name under which the providers know Npgsql.</summary>
    public const string Invariant = "Npgsql";

    /// <summary>The connection string for the providers.</summary>
    /// <param name="options">How we connect.</param>
    /// <returns>The same, with our schema on the search path and a bounded pool of its own.</returns>
    public static string Make(PostgresStorageOptions options)
    {
        var builder = new NpgsqlConnectionStringBuilder(options.ConnectionString)
        {
            SearchPath = options.Schema,
            MinPoolSize = 0,
            MaxPoolSize = options.MaxProviderConnections,

            // Metrics and traces know a pool without a name by its connection string.
            PersistSecurityInfo = false,
        };
        builder.ApplicationName = (builder.ApplicationName ?? "orleans-memory") + " cluster";
        return builder.ConnectionString;
    }
}
