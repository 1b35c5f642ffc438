using Npgsql;

namespace OrleansMemory.Grains.Storage.Postgres.Commit;

/// <summary>Asks the journal for turn ids.</summary>
internal static class TurnLookup
{
    public static async Task<Dictionary<(long StoreId, string TurnId), JournalledTurn>> FindAsync(
        NpgsqlConnection connection,
        List<(long StoreId, string TurnId)> turns,
        CancellationToken cancellationToken
    )
    {
        var command = new NpgsqlCommand(SqlScripts.FindTurns, connection);
        await using var _ = command.ConfigureAwait(false);
        new ColumnArrays<(long StoreId, string TurnId)>(command.Parameters, turns).Bigint(turn => turn.StoreId).Text(turn => turn.TurnId);
        NpgsqlDataReader reader = await command.ExecuteReaderAsync(cancellationToken).ConfigureAwait(false);
        await using var __ = reader.ConfigureAwait(false);
        var found = new Dictionary<(long, string), JournalledTurn>();
        while (await reader.ReadAsync(cancellationToken).ConfigureAwait(false))
        {
            found[(reader.GetInt64(0), reader.GetString(1))] = new JournalledTurn(
                reader.GetFieldValue<byte[]>(2),
                reader.GetInt64(3),
                reader.IsDBNull(4) ? null : reader.GetInt64(4),
                reader.IsDBNull(5) ? null : reader.GetInt64(5)
            );
        }

        return found;
    }
}
