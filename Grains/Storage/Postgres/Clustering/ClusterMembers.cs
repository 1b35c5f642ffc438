using System.Net;
using System.Runtime.CompilerServices;
using Npgsql;
using NpgsqlTypes;

namespace OrleansMemory.Grains.Storage.Postgres.Clustering;

/// <summary>Reads and clears who is in a cluster, before Orleans reads it.</summary>
/// <param name="lifetime">The open store, whose connections are used.</param>
internal sealed class ClusterMembers(PostgresStoreLifetime lifetime)
{
    private const int Attempts = 4;

    /// <summary>Reads the members that are not declared dead.</summary>
    public Task<List<ListedMember>> ReadAsync(string clusterId, CancellationToken cancellationToken) =>
        RunAsync(
            SqlScripts.ReadMembers,
            parameters => parameters.Text(clusterId),
            static reader => new ListedMember
            {
                Endpoint = Endpoint(reader),
                Generation = reader.GetInt32(2),
                AliveAt = reader.GetFieldValue<DateTimeOffset>(3),
                Beat = reader.IsDBNull(4) ? null : reader.GetGuid(4),
                IsHere = reader.GetBoolean(5),
                IsElsewhere = reader.GetBoolean(6),
                Quiet = TimeSpan.FromSeconds(reader.GetDouble(7)),
            },
            cancellationToken
        );

    /// <summary>Declares members dead, except those that have written since they were read.</summary>
    /// <param name="members">The members, as they were read last.</param>
    /// <returns>The keys of those that were declared dead.</returns>
    public Task<List<(IPEndPoint Endpoint, int Generation)>> ClearAsync(
        string clusterId,
        IReadOnlyCollection<ListedMember> members,
        CancellationToken cancellationToken
    ) =>
        RunAsync(
            SqlScripts.ClearMembers,
            parameters =>
                parameters
                    .Text(clusterId)
                    .Array<string>([.. members.Select(member => member.Endpoint.Address.ToString())], NpgsqlDbType.Text)
                    .Array<int>([.. members.Select(member => member.Endpoint.Port)], NpgsqlDbType.Integer)
                    .Array<int>([.. members.Select(member => member.Generation)], NpgsqlDbType.Integer)
                    .Array<Guid?>([.. members.Select(member => member.Beat)], NpgsqlDbType.Uuid)
                    .Array<DateTimeOffset>([.. members.Select(member => member.AliveAt)], NpgsqlDbType.TimestampTz),
            static reader => (Endpoint(reader), reader.GetInt32(2)),
            cancellationToken
        );

    private static IPEndPoint Endpoint(NpgsqlDataReader reader) => new(IPAddress.Parse(reader.GetString(0)), reader.GetInt32(1));

    private Task<List<T>> RunAsync<T>(
        string sql,
        Action<NpgsqlParameterCollection> bind,
        Func<NpgsqlDataReader, T> row,
        CancellationToken cancellationToken
    ) =>
        lifetime.Store.RunAsync(
            async (connection, token) =>
            {
                var command = new NpgsqlCommand(sql, connection);
                await using ConfiguredAsyncDisposable _ = command.ConfigureAwait(false);
                bind(command.Parameters);
                NpgsqlDataReader reader = await command.ExecuteReaderAsync(token).ConfigureAwait(false);
                await using ConfiguredAsyncDisposable __ = reader.ConfigureAwait(false);
                var rows = new List<T>();
                while (await reader.ReadAsync(token).ConfigureAwait(false))
                {
                    rows.Add(row(reader));
                }

                return rows;
            },
            Attempts,
            cancellationToken
        );
}
