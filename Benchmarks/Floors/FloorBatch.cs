using Npgsql;
using NpgsqlTypes;
using OrleansMemory.Benchmarks.Database;
using OrleansMemory.Benchmarks.Subjects;

namespace OrleansMemory.Benchmarks.Floors;

/// <summary>The rows of one batch of the group-commit floor: prepared statements and lists that are used again for every batch.</summary>
internal sealed class FloorBatch : IAsyncDisposable
{
    private static readonly byte[] Hash = new byte[32];

    private readonly NpgsqlBatch _batch;
    private readonly List<long> _storeIds = [];
    private readonly List<long> _sequences = [];
    private readonly List<DateTimeOffset> _instants = [];
    private readonly List<int> _bytes = [];
    private readonly List<string> _roles = [];
    private readonly List<string> _messageIds = [];
    private readonly List<string> _contents = [];
    private readonly List<byte[]> _hashes = [];
    private readonly List<string> _turnIds = [];

    public FloorBatch(NpgsqlConnection connection)
    {
        _batch = new NpgsqlBatch(connection);
        Add(BenchmarkSql.AdvanceHeads, Bigints(_storeIds), Bigints(_sequences), Bigints(_sequences), Instants(_instants));
        Add(
            BenchmarkSql.AppendMessages,
            Bigints(_storeIds),
            Bigints(_sequences),
            Instants(_instants),
            Array(_bytes, NpgsqlDbType.Integer),
            Array(_roles, NpgsqlDbType.Text),
            Array(_messageIds, NpgsqlDbType.Text),
            Array(_contents, NpgsqlDbType.Json)
        );
        Add(
            BenchmarkSql.JournalTurns,
            Bigints(_storeIds),
            Bigints(_sequences),
            Bigints(_sequences),
            Bigints(_sequences),
            Instants(_instants),
            Array(_hashes, NpgsqlDbType.Bytea),
            Array(_turnIds, NpgsqlDbType.Text)
        );
    }

    public async Task WriteAsync(List<FloorWriter> writers)
    {
        Clear();
        foreach (FloorWriter writer in writers)
        {
            _storeIds.Add(writer.StoreId);
            _sequences.Add(writer.Sequence);
            _instants.Add(writer.At);
            _bytes.Add(ConversationInput.Contents.Length);
            _roles.Add(ConversationInput.Message.Role);
            _messageIds.Add(writer.MessageId);
            _contents.Add(ConversationInput.Contents);
            _hashes.Add(Hash);
            _turnIds.Add(writer.TurnId);
        }

        await _batch.ExecuteNonQueryAsync();
    }

    public Task PrepareAsync() => _batch.PrepareAsync();

    public ValueTask DisposeAsync() => _batch.DisposeAsync();

    private static NpgsqlParameter<List<long>> Bigints(List<long> values) => Array(values, NpgsqlDbType.Bigint);

    private static NpgsqlParameter<List<DateTimeOffset>> Instants(List<DateTimeOffset> values) => Array(values, NpgsqlDbType.TimestampTz);

    private static NpgsqlParameter<List<T>> Array<T>(List<T> values, NpgsqlDbType type) =>
        new() { TypedValue = values, NpgsqlDbType = NpgsqlDbType.Array | type };

    private void Add(string sql, params NpgsqlParameter[] parameters)
    {
        var command = new NpgsqlBatchCommand(sql);
        command.Parameters.AddRange(parameters);
        _batch.BatchCommands.Add(command);
    }

    private void Clear()
    {
        _storeIds.Clear();
        _sequences.Clear();
        _instants.Clear();
        _bytes.Clear();
        _roles.Clear();
        _messageIds.Clear();
        _contents.Clear();
        _hashes.Clear();
        _turnIds.Clear();
    }
}
