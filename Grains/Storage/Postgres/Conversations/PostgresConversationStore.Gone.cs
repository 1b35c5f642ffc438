using Npgsql;
using NpgsqlTypes;
using OrleansMemory.Conversations;

namespace OrleansMemory.Grains.Storage.Postgres.Conversations;

internal sealed partial class PostgresConversationStore
{
    /// <inheritdoc />
    public Task<bool> IsGoneAsync(ConversationKey key, string turnId, CancellationToken cancellationToken) =>
        AskAsync(SqlScripts.FindGoneTurn, key, parameters => parameters.Text(turnId), cancellationToken);

    /// <inheritdoc />
    public Task<bool> IsLifeGoneAsync(ConversationKey key, long storeId, CancellationToken cancellationToken) =>
        AskAsync(SqlScripts.FindGoneLife, key, parameters => parameters.Bigint(storeId), cancellationToken);

    /// <inheritdoc />
    public Task MarkGoneAsync(ConversationKey key, string turnId, DateTimeOffset at, CancellationToken cancellationToken) =>
        RunAsync(
            async (connection, token) =>
            {
                var command = new NpgsqlCommand(SqlScripts.MarkGoneTurn, connection);
                await using var _ = command.ConfigureAwait(false);
                command.Parameters.Text(key.Tenant).Text(key.Id).Text(turnId).Instant(at);
                return await command.ExecuteNonQueryAsync(token).ConfigureAwait(false);
            },
            ReadAttempts,
            cancellationToken
        );

    private Task<bool> AskAsync(
        string sql,
        ConversationKey key,
        Action<NpgsqlParameterCollection> bind,
        CancellationToken cancellationToken
    ) =>
        RunAsync(
            async (connection, token) =>
            {
                var command = new NpgsqlCommand(sql, connection);
                await using var _ = command.ConfigureAwait(false);
                bind(command.Parameters.Text(key.Tenant).Text(key.Id));
                return await command.ExecuteScalarAsync(token).ConfigureAwait(false) is true;
            },
            ReadAttempts,
            cancellationToken
        );

    /// <summary>Keeps what stands for locked lives and the ids of their turns, before they are removed.</summary>
    private static async Task MarkGoneAsync(
        NpgsqlConnection connection,
        long[] lives,
        DateTimeOffset at,
        CancellationToken cancellationToken
    )
    {
        var command = new NpgsqlCommand(SqlScripts.MarkGoneTurns, connection);
        await using var _ = command.ConfigureAwait(false);
        command.Parameters.Array(lives, NpgsqlDbType.Bigint).Instant(at);
        await command.ExecuteNonQueryAsync(cancellationToken).ConfigureAwait(false);
    }
}
