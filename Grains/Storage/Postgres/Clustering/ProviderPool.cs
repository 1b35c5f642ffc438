using System.Runtime.CompilerServices;
using Npgsql;

namespace OrleansMemory.Grains.Storage.Postgres.Clustering;

/// <summary>The connections of Orleans' providers. Their pool belongs to the process and outlives the silo.</summary>
internal static class ProviderPool
{
    /// <summary>Closes those that are idle.</summary>
    /// <param name="options">How we connect.</param>
    public static async Task ClearAsync(PostgresStorageOptions options)
    {
        var connection = new NpgsqlConnection(ProviderConnection.Make(options));
        await using ConfiguredAsyncDisposable _ = connection.ConfigureAwait(false);
        NpgsqlConnection.ClearPool(connection);
    }
}
