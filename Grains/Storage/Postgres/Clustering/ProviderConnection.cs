using Npgsql;

namespace OrleansMemory.Grains.Storage.Postgres.Clustering;

/// <summary>
/// How the ADO.NET providers of Orleans connect. Their statements name tables without a schema, so ours is put on the search path; pools are told apart by
/// connection string, so theirs never hand out, or take in, a connection of ours.
/// </summary>
internal static class ProviderConnection
{
    /// <summary>The name under which the providers know Npgsql.</summary>
    public const string Invariant = "Npgsql";

    /// <summary>The connection string for the providers.</summary>
    /// <param name="options">How we connect.</param>
    /// <returns>The same, with our schema on the search path and a pool of its own.</returns>
    public static string Make(PostgresStorageOptions options)
    {
        var builder = new NpgsqlConnectionStringBuilder(options.ConnectionString) { SearchPath = options.Schema };
        builder.ApplicationName = (builder.ApplicationName ?? "orleans-memory") + " cluster";
        return builder.ConnectionString;
    }
}
