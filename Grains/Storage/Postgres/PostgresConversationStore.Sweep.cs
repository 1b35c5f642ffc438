using Npgsql;

namespace OrleansMemory.Grains.Storage.Postgres;

internal sealed partial class PostgresConversationStore
{
    /// <inheritdoc />
    public Task<SweepResult> SweepAsync(Sweep sweep, CancellationToken cancellationToken) => RunAsync(
        async (connection, token) =>
        {
            int turns = await SweepTurnsAsync(connection, sweep, token).ConfigureAwait(false);
            int messages = await SweepMessagesAsync(connection, sweep.Limit, token).ConfigureAwait(false);
            (int imports, int lives, int content) = await SweepLivesAsync(connection, sweep, sweep.Limit - messages, token).ConfigureAwait(false);
            return new SweepResult(turns, imports, messages + content, lives);
        },
        ReadAttempts,
        cancellationToken);

    private static async Task<int> SweepTurnsAsync(NpgsqlConnection connection, Sweep sweep, CancellationToken cancellationToken)
    {
        var command = new NpgsqlCommand(SqlScripts.SweepTurns, connection);
        await using var _ = command.ConfigureAwait(false);
        command.Parameters.Instant(sweep.TurnsBefore).Bigint(sweep.Limit);
        return await command.ExecuteNonQueryAsync(cancellationToken).ConfigureAwait(false);
    }

    private static async Task<int> SweepMessagesAsync(NpgsqlConnection connection, int limit, CancellationToken cancellationToken)
    {
        int messages = 0;
        while (messages < limit)
        {
            var command = new NpgsqlCommand(SqlScripts.SweepMessages, connection);
            await using var _ = command.ConfigureAwait(false);
            command.Parameters.Bigint(limit - messages);
            NpgsqlDataReader reader = await command.ExecuteReaderAsync(cancellationToken).ConfigureAwait(false);
            await using var __ = reader.ConfigureAwait(false);
            await reader.ReadAsync(cancellationToken).ConfigureAwait(false);
            if (reader.GetInt64(1) == 0)
            {
                break;
            }

            messages += (int)reader.GetInt64(0);
        }

        return messages;
    }

    private static async Task<(int Imports, int Lives, int Messages)> SweepLivesAsync(
        NpgsqlConnection connection, Sweep sweep, int room, CancellationToken cancellationToken)
    {
        (int imports, int lives, int messages) = (0, 0, 0);
        while (messages < room && imports + lives < sweep.Limit)
        {
            var command = new NpgsqlCommand(SqlScripts.SweepLives, connection);
            await using var _ = command.ConfigureAwait(false);
            command.Parameters.Instant(sweep.ImportsBefore).Bigint(room - messages);
            NpgsqlDataReader reader = await command.ExecuteReaderAsync(cancellationToken).ConfigureAwait(false);
            await using var __ = reader.ConfigureAwait(false);
            if (!await reader.ReadAsync(cancellationToken).ConfigureAwait(false))
            {
                break;
            }

            messages += (int)reader.GetInt64(2);
            if (reader.GetBoolean(1))
            {
                (imports, lives) = reader.GetInt16(0) == Importing ? (imports + 1, lives) : (imports, lives + 1);
            }
        }

        return (imports, lives, messages);
    }
}
