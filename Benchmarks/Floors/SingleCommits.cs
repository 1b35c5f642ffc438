using Npgsql;
using NpgsqlTypes;
using OrleansMemory.Benchmarks.Database;
using OrleansMemory.Benchmarks.Subjects;

namespace OrleansMemory.Benchmarks.Floors;

/// <summary>
/// What one writes by hand first: one INSERT and one UPDATE per commit, and a second INSERT for the journal where that is asked for; each
/// writer on a connection of its own, prepared, in one round trip.
/// </summary>
internal sealed class SingleCommits : IAsyncDisposable
{
    private readonly NpgsqlDataSource _dataSource;
    private readonly Writer[] _writers;

    private SingleCommits(NpgsqlDataSource dataSource, Writer[] writers)
    {
        _dataSource = dataSource;
        _writers = writers;
    }

    /// <summary>Starts it on a schema of its own.</summary>
    /// <param name="database">The run's database.</param>
    /// <param name="connections">How many connections.</param>
    /// <param name="conversations">How many conversations, shared out among the connections.</param>
    /// <param name="journal">Whether each commit holds the turn's row in the journal as well, as ours do.</param>
    /// <returns>The floor.</returns>
    public static async Task<SingleCommits> StartAsync(BenchmarkDatabase database, int connections, int conversations, bool journal = false)
    {
        NpgsqlDataSource dataSource = await FloorSchema.CreateAsync(database, conversations);
        var writers = new Writer[connections];
        for (int i = 0; i < connections; i++)
        {
            writers[i] = new Writer(await dataSource.OpenConnectionAsync(), [.. Range(i + 1, conversations, connections)], journal);
            await writers[i].PrepareAsync();
        }

        return new SingleCommits(dataSource, writers);
    }

    /// <summary>Appends one message durably.</summary>
    /// <param name="writer">Which writer, from 0; it has no other append on its way.</param>
    /// <returns>A task that ends when it is durable.</returns>
    public ValueTask AppendAsync(int writer) => _writers[writer].AppendAsync();

    public async ValueTask DisposeAsync()
    {
        foreach (Writer writer in _writers)
        {
            await writer.DisposeAsync();
        }

        await _dataSource.DisposeAsync();
    }

    private static IEnumerable<long> Range(long first, long last, long step)
    {
        for (long i = first; i <= last; i += step)
        {
            yield return i;
        }
    }

    private sealed class Writer : IAsyncDisposable
    {
        private readonly NpgsqlConnection _connection;
        private readonly NpgsqlBatch _batch;
        private readonly long[] _storeIds;
        private readonly NpgsqlParameter<long> _storeId = new() { NpgsqlDbType = NpgsqlDbType.Bigint };
        private readonly NpgsqlParameter<long> _sequence = new() { NpgsqlDbType = NpgsqlDbType.Bigint };
        private readonly NpgsqlParameter<DateTimeOffset> _at = new() { NpgsqlDbType = NpgsqlDbType.TimestampTz };
        private readonly NpgsqlParameter<string> _messageId = new() { NpgsqlDbType = NpgsqlDbType.Text, TypedValue = "" };
        private readonly NpgsqlParameter<long> _headId = new() { NpgsqlDbType = NpgsqlDbType.Bigint };
        private readonly NpgsqlParameter<long> _journalId = new() { NpgsqlDbType = NpgsqlDbType.Bigint };
        private readonly NpgsqlParameter<long> _version = new() { NpgsqlDbType = NpgsqlDbType.Bigint };
        private readonly NpgsqlParameter<DateTimeOffset> _committedAt = new() { NpgsqlDbType = NpgsqlDbType.TimestampTz };
        private readonly NpgsqlParameter<string> _turnId = new() { NpgsqlDbType = NpgsqlDbType.Text, TypedValue = "" };
        private long _appends;

        public Writer(NpgsqlConnection connection, long[] storeIds, bool journal)
        {
            _connection = connection;
            _storeIds = storeIds;
            _batch = new NpgsqlBatch(connection);
            Add(
                BenchmarkSql.AppendMessage,
                _storeId,
                _sequence,
                _at,
                new NpgsqlParameter<int> { TypedValue = ConversationInput.Contents.Length, NpgsqlDbType = NpgsqlDbType.Integer },
                new NpgsqlParameter<string> { TypedValue = ConversationInput.Message.Role, NpgsqlDbType = NpgsqlDbType.Text },
                _messageId,
                new NpgsqlParameter<string> { TypedValue = ConversationInput.Contents, NpgsqlDbType = NpgsqlDbType.Json }
            );
            Add(BenchmarkSql.AdvanceHead, _headId);
            if (journal)
            {
                var hash = new NpgsqlParameter<byte[]> { TypedValue = new byte[32], NpgsqlDbType = NpgsqlDbType.Bytea };
                Add(BenchmarkSql.JournalTurn, _journalId, _version, _committedAt, hash, _turnId);
            }
        }

        public Task PrepareAsync() => _batch.PrepareAsync();

        public async ValueTask AppendAsync()
        {
            _storeId.TypedValue = _headId.TypedValue = _journalId.TypedValue = _storeIds[_appends % _storeIds.Length];
            _sequence.TypedValue = _version.TypedValue = (_appends / _storeIds.Length) + 1;
            _at.TypedValue = _committedAt.TypedValue = TimeProvider.System.GetUtcNow();
            _messageId.TypedValue = ConversationInput.NewId();
            _turnId.TypedValue = ConversationInput.NewId();
            _appends++;
            await _batch.ExecuteNonQueryAsync();
        }

        public async ValueTask DisposeAsync()
        {
            await _batch.DisposeAsync();
            await _connection.DisposeAsync();
        }

        private void Add(string sql, params NpgsqlParameter[] parameters)
        {
            var command = new NpgsqlBatchCommand(sql);
            command.Parameters.AddRange(parameters);
            _batch.BatchCommands.Add(command);
        }
    }
}
