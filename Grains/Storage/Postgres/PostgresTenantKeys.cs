using System.Runtime.CompilerServices;
using Microsoft.Extensions.Options;
using Npgsql;
using Orleans.Configuration;
using OrleansMemory.Tenants;

namespace OrleansMemory.Grains.Storage.Postgres;

/// <summary>Reads the keys of tenants from the table of grain states.</summary>
/// <param name="lifetime">The open store, whose connections are used.</param>
internal sealed class PostgresTenantKeys(PostgresStoreLifetime lifetime, IOptions<ClusterOptions> cluster) : ITenantKeyStore
{
    private const int Attempts = 2;

    private static readonly GrainStateSerializer States = new();

    public Task<List<(string Tenant, TenantSettings Settings)>> ReadAsync(CancellationToken cancellationToken) =>
        lifetime.Store.RunAsync(
            async (connection, token) =>
            {
                var command = new NpgsqlCommand(SqlScripts.ReadTenantKeys, connection);
                await using ConfiguredAsyncDisposable _ = command.ConfigureAwait(false);
                command.Parameters.Text(cluster.Value.ServiceId);
                NpgsqlDataReader reader = await command.ExecuteReaderAsync(token).ConfigureAwait(false);
                await using ConfiguredAsyncDisposable __ = reader.ConfigureAwait(false);
                var tenants = new List<(string Tenant, TenantSettings Settings)>();
                while (await reader.ReadAsync(token).ConfigureAwait(false))
                {
                    TenantSettings settings =
                        States.Deserialize<TenantSettings>(new BinaryData(reader.GetFieldValue<byte[]>(1))) ?? TenantSettings.Empty;
                    tenants.Add((TenantKey.Parse(reader.GetString(0)).Tenant, settings));
                }

                return tenants;
            },
            Attempts,
            cancellationToken
        );
}
