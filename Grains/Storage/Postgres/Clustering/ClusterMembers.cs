using System.Net;
using System.Runtime.CompilerServices;
using Npgsql;
using OrleansMemory.Grains.Hosting;

namespace OrleansMemory.Grains.Storage.Postgres.Clustering;

/// <summary>A silo that is a member of a cluster by the table.</summary>
/// <param name="Endpoint">Where other silos reach it.</param>
/// <param name="AliveAt">When it last said that it is alive, by its own clock.</param>
internal sealed record ListedMember(IPEndPoint Endpoint, DateTimeOffset AliveAt);

/// <summary>Reads who is in a cluster, before Orleans does.</summary>
/// <param name="lifetime">The open store, whose connections are used.</param>
internal sealed class ClusterMembers(PostgresStoreLifetime lifetime)
{
    private const int Attempts = 4;

    /// <summary>Reads the members that are active by the table.</summary>
    /// <param name="clusterId">The cluster.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>The members.</returns>
    public Task<List<ListedMember>> ReadActiveAsync(string clusterId, CancellationToken cancellationToken) => lifetime.Store.RunAsync(
        async (connection, token) =>
        {
            var command = new NpgsqlCommand(SqlScripts.ReadActiveMembers, connection);
            await using ConfiguredAsyncDisposable _ = command.ConfigureAwait(false);
            command.Parameters.Text(clusterId);
            NpgsqlDataReader reader = await command.ExecuteReaderAsync(token).ConfigureAwait(false);
            await using ConfiguredAsyncDisposable __ = reader.ConfigureAwait(false);
            var members = new List<ListedMember>();
            while (await reader.ReadAsync(token).ConfigureAwait(false))
            {
                members.Add(new ListedMember(
                    new IPEndPoint(IPAddress.Parse(reader.GetString(0)), reader.GetInt32(1)), reader.GetFieldValue<DateTimeOffset>(2)));
            }

            return members;
        },
        Attempts,
        cancellationToken);
}
