using Npgsql;

namespace OrleansMemory.Grains.Storage.Postgres.Conversations;

internal sealed partial class PostgresConversationStore
{
    /// <summary>The most messages of a step. A turn of their conversation, and with it its batch, waits for the step.</summary>
    private const int StepMessages = 1_000;

    /// <inheritdoc />
    public Task<SweepResult> SweepAsync(Sweep sweep, CancellationToken cancellationToken) =>
        RunAsync(
            async (connection, token) =>
            {
                int turns =
                    await SweepTurnsAsync(connection, SqlScripts.SweepTurns, sweep, token).ConfigureAwait(false)
                    + await SweepTurnsAsync(connection, SqlScripts.SweepGoneTurns, sweep, token).ConfigureAwait(false);
                int messages = await SweepMessagesAsync(connection, sweep.Limit, token).ConfigureAwait(false);
                (int imports, int lives, int content) = await SweepLivesAsync(connection, sweep, sweep.Limit - messages, token)
                    .ConfigureAwait(false);
                return new SweepResult(turns, imports, messages + content, lives);
            },
            ReadAttempts,
            cancellationToken
        );

    private static async Task<int> SweepTurnsAsync(
        NpgsqlConnection connection,
        string sql,
        Sweep sweep,
        CancellationToken cancellationToken
    )
    {
        var command = new NpgsqlCommand(sql, connection);
        await using var _ = command.ConfigureAwait(false);
        command.Parameters.Instant(sweep.TurnsBefore).Bigint(sweep.Limit);
        return await command.ExecuteNonQueryAsync(cancellationToken).ConfigureAwait(false);
    }

    private static async Task<int> SweepMessagesAsync(NpgsqlConnection connection, int limit, CancellationToken cancellationToken)
    {
        int messages = 0;
        while (
            messages < limit
            && await SweepTruncatedAsync(connection, Math.Min(limit - messages, StepMessages), cancellationToken).ConfigureAwait(false)
                is { } removed
        )
        {
            messages += removed;
        }

        return messages;
    }

    /// <summary>Removes truncated messages of one conversation.</summary>
    /// <returns>How many; <see langword="null"/> when no conversation has any.</returns>
    private static async Task<int?> SweepTruncatedAsync(NpgsqlConnection connection, int limit, CancellationToken cancellationToken)
    {
        NpgsqlTransaction transaction = await connection.BeginTransactionAsync(cancellationToken).ConfigureAwait(false);
        await using var _ = transaction.ConfigureAwait(false);
        if (
            await PickAsync(new NpgsqlCommand(SqlScripts.PickTruncated, connection), FirstColumn, cancellationToken).ConfigureAwait(false)
                is not { } storeId
            || await PickAsync(OfLife(connection, SqlScripts.LockTruncatedLife, storeId), FirstColumn, cancellationToken)
                .ConfigureAwait(false)
                is null
            || await PickAsync(OfLife(connection, SqlScripts.LockTruncated, storeId), FirstColumn, cancellationToken).ConfigureAwait(false)
                is not { } before
        )
        {
            return null;
        }

        NpgsqlCommand command = OfLife(connection, SqlScripts.SweepMessages, storeId);
        command.Parameters.Bigint(before).Bigint(limit);
        int? removed = (int?)await PickAsync(command, FirstColumn, cancellationToken).ConfigureAwait(false);
        await transaction.CommitAsync(cancellationToken).ConfigureAwait(false);
        return removed;
    }

    private static long FirstColumn(NpgsqlDataReader reader) => reader.GetInt64(0);

    private static NpgsqlCommand OfLife(NpgsqlConnection connection, string sql, long storeId)
    {
        var command = new NpgsqlCommand(sql, connection);
        command.Parameters.Bigint(storeId);
        return command;
    }

    private static async Task<(int Imports, int Lives, int Messages)> SweepLivesAsync(
        NpgsqlConnection connection,
        Sweep sweep,
        int room,
        CancellationToken cancellationToken
    )
    {
        (int imports, int lives, int messages) = (0, 0, 0);
        while (messages < room && imports + lives < sweep.Limit)
        {
            if (
                await SweepLifeAsync(connection, sweep.ImportsBefore, room - messages, cancellationToken).ConfigureAwait(false)
                is not { } step
            )
            {
                break;
            }

            messages += step.Messages;
            if (step.Finished)
            {
                (imports, lives) = step.State == Importing ? (imports + 1, lives) : (imports, lives + 1);
            }
        }

        return (imports, lives, messages);
    }

    private static async Task<SweptLife?> SweepLifeAsync(
        NpgsqlConnection connection,
        DateTimeOffset importsBefore,
        int room,
        CancellationToken cancellationToken
    )
    {
        NpgsqlTransaction transaction = await connection.BeginTransactionAsync(cancellationToken).ConfigureAwait(false);
        await using var _ = transaction.ConfigureAwait(false);
        var pick = new NpgsqlCommand(SqlScripts.PickLifeToSweep, connection);
        pick.Parameters.Instant(importsBefore);
        (long StoreId, short State)? target = await PickAsync(pick, reader => (reader.GetInt64(0), reader.GetInt16(1)), cancellationToken)
            .ConfigureAwait(false);
        if (target is not { } picked)
        {
            return null;
        }

        var command = new NpgsqlCommand(SqlScripts.SweepLives, connection);
        command.Parameters.Bigint(picked.StoreId).Bigint(room);
        SweptLife? swept = await PickAsync(
                command,
                reader => new SweptLife(picked.State, reader.GetBoolean(0), (int)reader.GetInt64(1)),
                cancellationToken
            )
            .ConfigureAwait(false);
        await transaction.CommitAsync(cancellationToken).ConfigureAwait(false);
        return swept;
    }

    /// <summary>Runs a command and reads its first row.</summary>
    private static async Task<T?> PickAsync<T>(NpgsqlCommand command, Func<NpgsqlDataReader, T> read, CancellationToken cancellationToken)
        where T : struct
    {
        await using var _ = command.ConfigureAwait(false);
        NpgsqlDataReader reader = await command.ExecuteReaderAsync(cancellationToken).ConfigureAwait(false);
        await using var __ = reader.ConfigureAwait(false);
        return await reader.ReadAsync(cancellationToken).ConfigureAwait(false) ? read(reader) : null;
    }

    /// <summary>A step of removing a life.</summary>
    /// <param name="State">The state of its head.</param>
    /// <param name="Finished">Whether the head is gone.</param>
    /// <param name="Messages">How many messages were removed.</param>
    private readonly record struct SweptLife(short State, bool Finished, int Messages);
}
