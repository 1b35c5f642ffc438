using Npgsql;

namespace OrleansMemory.Grains.Storage.Postgres.Commit;

/// <summary>Writes one batch in one transaction and one round trip, on a connection of its own that is opened when it is needed.</summary>
internal sealed class BatchWriter(NpgsqlDataSource dataSource) : IAsyncDisposable
{
    // A turn that came again is rarely the last one: after a crash or a time-out callers repeat what they got no answer for.
    private const int BatchesAfterRepetition = 256;

    private NpgsqlConnection? _connection;
    private int _asksJournalFor;

    /// <summary>
    /// Opens the connection and has the statements planned, with batches of nothing, so that the first turn waits for neither.
    /// </summary>
    public async Task PrepareAsync(CancellationToken cancellationToken)
    {
        _connection ??= await dataSource.OpenConnectionAsync(cancellationToken).ConfigureAwait(false);
        var sql = new NpgsqlBatch(_connection);
        await using var _ = sql.ConfigureAwait(false);
        sql.BatchCommands.Add(StartLives([]));
        sql.BatchCommands.Add(CommitStatement.Make([], asksJournal: false));
        sql.BatchCommands.Add(CommitStatement.Make([], asksJournal: true));
        await sql.ExecuteNonQueryAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Writes a batch.</summary>
    /// <param name="batch">The groups, one per conversation; they are put into the order in which heads are locked.</param>
    /// <param name="cancellationToken">Ends the wait; the outcome is unknown then.</param>
    /// <returns>What became of every turn.</returns>
    public async Task<BatchOutcome> WriteAsync(List<CommitGroup> batch, CancellationToken cancellationToken)
    {
        batch.Sort(static (one, other) => one.StoreId.CompareTo(other.StoreId));
        HashSet<long> written = await CommitAsync(batch, cancellationToken).ConfigureAwait(false);
        List<CommitGroup> lost = batch.FindAll(group => !written.Contains(group.StoreId));
        return new BatchOutcome(
            written,
            lost.Count == 0
                ? []
                : await TurnLookup
                    .FindAsync(
                        _connection!,
                        [.. lost.SelectMany(group => group.Turns).Select(turn => (turn.Commit.StoreId, turn.Commit.TurnId))],
                        cancellationToken
                    )
                    .ConfigureAwait(false)
        );
    }

    /// <summary>Gives the connection up after an error: it is closed, not pooled.</summary>
    public async ValueTask DisconnectAsync()
    {
        if (_connection is { } connection)
        {
            _connection = null;
            dataSource.Clear();
            await connection.DisposeAsync().ConfigureAwait(false);
        }
    }

    public ValueTask DisposeAsync() => DisconnectAsync();

    /// <summary>
    /// Writes without asking the journal first, which costs a look-up per turn: a turn id that it has already fails the batch, which is
    /// then written with the question. For a while after that the question is always asked.
    /// </summary>
    private async Task<HashSet<long>> CommitAsync(List<CommitGroup> batch, CancellationToken cancellationToken)
    {
        if (_asksJournalFor == 0)
        {
            try
            {
                return await CommitAsync(batch, asksJournal: false, cancellationToken).ConfigureAwait(false);
            }
            catch (PostgresException exception) when (PostgresErrors.IsRepetition(exception))
            {
                // An error in the use that prepares a statement leaves Npgsql 10.0 in doubt about it.
                await DisconnectAsync().ConfigureAwait(false);
                _asksJournalFor = BatchesAfterRepetition;
            }
        }

        _asksJournalFor--;
        return await CommitAsync(batch, asksJournal: true, cancellationToken).ConfigureAwait(false);
    }

    private async Task<HashSet<long>> CommitAsync(List<CommitGroup> batch, bool asksJournal, CancellationToken cancellationToken)
    {
        _connection ??= await dataSource.OpenConnectionAsync(cancellationToken).ConfigureAwait(false);
        return await CommitAsync(_connection, batch, asksJournal, cancellationToken).ConfigureAwait(false);
    }

    private static async Task<HashSet<long>> CommitAsync(
        NpgsqlConnection connection,
        List<CommitGroup> batch,
        bool asksJournal,
        CancellationToken cancellationToken
    )
    {
        var sql = new NpgsqlBatch(connection);
        await using var _ = sql.ConfigureAwait(false);
        AddNewLives(sql, batch);
        sql.BatchCommands.Add(CommitStatement.Make(batch, asksJournal));
        NpgsqlDataReader reader = await sql.ExecuteReaderAsync(cancellationToken).ConfigureAwait(false);
        await using var __ = reader.ConfigureAwait(false);
        var written = new HashSet<long>(batch.Count);
        do
        {
            while (await reader.ReadAsync(cancellationToken).ConfigureAwait(false))
            {
                written.Add(reader.GetInt64(0));
            }
        } while (await reader.NextResultAsync(cancellationToken).ConfigureAwait(false));
        return written;
    }

    private static void AddNewLives(NpgsqlBatch sql, List<CommitGroup> batch)
    {
        List<TurnCommit> starting = batch.FindAll(group => group.First.ExpectedVersion == 0).ConvertAll(group => group.First);
        if (starting.Count == 0)
        {
            return;
        }

        List<TurnCommit> replacing = starting.FindAll(commit => commit.Replaces is not null);
        if (replacing.Count > 0)
        {
            replacing.Sort(static (a, b) => a.Replaces!.Value.StoreId.CompareTo(b.Replaces!.Value.StoreId));
            var replace = new NpgsqlBatchCommand(SqlScripts.ReplaceLives);
            new ColumnArrays<TurnCommit>(replace.Parameters, replacing)
                .Bigint(commit => commit.Replaces!.Value.StoreId)
                .Bigint(commit => commit.Replaces!.Value.Version)
                .Instant(commit => commit.At);
            sql.BatchCommands.Add(replace);
        }

        sql.BatchCommands.Add(StartLives(starting));
    }

    private static NpgsqlBatchCommand StartLives(List<TurnCommit> starting)
    {
        var start = new NpgsqlBatchCommand(SqlScripts.StartLives);
        new ColumnArrays<TurnCommit>(start.Parameters, starting)
            .Bigint(commit => commit.StoreId)
            .Text(commit => commit.Key.Tenant)
            .Text(commit => commit.Key.Id)
            .Instant(commit => commit.At)
            .Boolean(commit => commit.KnowsGone);
        return start;
    }
}
