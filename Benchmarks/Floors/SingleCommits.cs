using Npgsql;
using NpgsqlTypes;
using OrleansMemory.Benchmarks.Database;
using OrleansMemory.Benchmarks.Subjects;

namespace OrleansMemory.Benchmarks.Floors;

/// <summary>What one writes by hand first: one INSERT and one UPDATE per commit, each writer on a connection of its own, prepared, in one round trip.</summary>
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
    /// <returns>The floor.</returns>
    public static async Task<SingleCommits> StartAsync(BenchmarkDatabase database, int connections, int conversations)
    {
        NpgsqlDataSource dataSource = await FloorSchema.CreateAsync(database, conversations);
        var writers = new Writer[connections];
        for (int i = 0; i < connections; i++)
        {
            writers[i] = new Writer(await dataSource.OpenConnectionAsync(), [.. Range(i + 1, conversations, connections)]);
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
        private long _appends;

        public Writer(NpgsqlConnection connection, long[] storeIds)
        {
            _connection = connection;
            _storeIds = storeIds;
            _batch = new NpgsqlBatch(connection);
            var append = new NpgsqlBatchCommand(BenchmarkSql.AppendMessage);
            append.Parameters.AddRange(new NpgsqlParameter[]
            {
                _storeId,
                _sequence,
                _at,
                new NpgsqlParameter<int> { TypedValue = ConversationInput.Contents.Length, NpgsqlDbType = NpgsqlDbType.Integer },
                new NpgsqlParameter<string> { TypedValue = ConversationInput.Message.Role, NpgsqlDbType = NpgsqlDbType.Text },
                _messageId,
                new NpgsqlParameter<string> { TypedValue = ConversationInput.Contents, NpgsqlDbType = NpgsqlDbType.Json },
            });
            _batch.BatchCommands.Add(append);
            var advance = new NpgsqlBatchCommand(BenchmarkSql.AdvanceHead);
            advance.Parameters.Add(_headId);
            _batch.BatchCommands.Add(advance);
        }

        public Task PrepareAsync() => _batch.PrepareAsync();

        public async ValueTask AppendAsync()
        {
            _storeId.TypedValue = _headId.TypedValue = _storeIds[_appends % _storeIds.Length];
            _sequence.TypedValue = (_appends / _storeIds.Length) + 1;
            _at.TypedValue = TimeProvider.System.GetUtcNow();
            _messageId.TypedValue = ConversationInput.NewId();
            _appends++;
            await _batch.ExecuteNonQueryAsync();
        }

        public async ValueTask DisposeAsync()
        {
            await _batch.DisposeAsync();
            await _connection.DisposeAsync();
        }
    }
}
