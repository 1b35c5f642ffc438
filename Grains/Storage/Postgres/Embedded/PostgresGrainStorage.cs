using System.Globalization;
using System.Runtime.CompilerServices;
using Npgsql;
using Orleans.Storage;
using OrleansMemory.Grains.Hosting;

namespace OrleansMemory.Grains.Storage.Postgres.Embedded;

/// <summary>
/// Grain states of the embedded host in PostgreSQL, in the table in which a cluster keeps them too: whoever moves to a cluster with the default service id
/// finds them there. States of grains whose key looks like a number or a GUID are found by this host only.
/// </summary>
/// <param name="lifetime">The open store, whose connections are used.</param>
internal sealed class PostgresGrainStorage(PostgresStoreLifetime lifetime) : IGrainStorage
{
    private const int ReadAttempts = 4;

    public async Task ReadStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
    {
        (int Version, byte[]? Payload)? row = await RunAsync(
            SqlScripts.ReadGrainState,
            parameters => Bind(parameters, stateName, grainId),
            reader => (reader.GetInt32(0), reader.IsDBNull(1) ? null : reader.GetFieldValue<byte[]>(1)),
            ReadAttempts).ConfigureAwait(false);
        grainState.State = row?.Payload is { } payload ? GrainStateJson.Read<T>(payload) : Activator.CreateInstance<T>();
        grainState.ETag = row?.Version.ToString(CultureInfo.InvariantCulture);
        grainState.RecordExists = row?.Payload is not null;
    }

    public async Task WriteStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
    {
        grainState.ETag = await ReplaceAsync(stateName, grainId, grainState.ETag, GrainStateJson.Write(grainState.State)).ConfigureAwait(false);
        grainState.RecordExists = true;
    }

    public async Task ClearStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
    {
        if (grainState.ETag is not null)
        {
            grainState.ETag = await ReplaceAsync(stateName, grainId, grainState.ETag, payload: null).ConfigureAwait(false);
        }

        grainState.RecordExists = false;
        grainState.State = Activator.CreateInstance<T>();
    }

    private async Task<string> ReplaceAsync(string stateName, GrainId grainId, string? known, byte[]? payload)
    {
        // Once only: a write whose outcome is unknown would be taken for somebody else's when it is tried again.
        int? version = await RunAsync<int>(
            SqlScripts.WriteGrainState,
            parameters => Bind(parameters, stateName, grainId)
                .NullableInteger(known is null ? null : int.Parse(known, CultureInfo.InvariantCulture)).Bytes(payload),
            reader => reader.GetInt32(0),
            attempts: 1).ConfigureAwait(false);
        return version?.ToString(CultureInfo.InvariantCulture)
            ?? throw new InconsistentStateException($"The state {stateName} was stored by another activation.", storedEtag: null, known);
    }

    private static NpgsqlParameterCollection Bind(NpgsqlParameterCollection parameters, string stateName, GrainId grainId) =>
        parameters.Text(GrainStates.DefaultServiceId).Text(stateName).Text(grainId.Key.ToString());

    private Task<TRow?> RunAsync<TRow>(string sql, Action<NpgsqlParameterCollection> bind, Func<NpgsqlDataReader, TRow> read, int attempts)
        where TRow : struct => lifetime.Store.RunAsync(
        async (connection, token) =>
        {
            var command = new NpgsqlCommand(sql, connection);
            await using ConfiguredAsyncDisposable _ = command.ConfigureAwait(false);
            bind(command.Parameters);
            NpgsqlDataReader reader = await command.ExecuteReaderAsync(token).ConfigureAwait(false);
            await using ConfiguredAsyncDisposable __ = reader.ConfigureAwait(false);
            return await reader.ReadAsync(token).ConfigureAwait(false) ? read(reader) : (TRow?)null;
        },
        attempts,
        CancellationToken.None);
}
