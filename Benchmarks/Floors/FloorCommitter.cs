using System.Threading.Channels;
using Npgsql;

namespace OrleansMemory.Benchmarks.Floors;

/// <summary>Writes what its writers hand over, one batch after the other, on a connection of its own.</summary>
internal sealed class FloorCommitter : IAsyncDisposable
{
    // As in PostgresStorageOptions.MaxBatchTurns, so that both sides write batches of the same kind.
    private const int MaxBatchRows = 512;

    private readonly Channel<FloorWriter> _queue = Channel.CreateUnbounded<FloorWriter>(
        new UnboundedChannelOptions { SingleReader = true }
    );
    private readonly NpgsqlConnection _connection;
    private readonly FloorBatch _batch;
    private readonly Task _loop;

    private FloorCommitter(NpgsqlConnection connection, FloorBatch batch)
    {
        _connection = connection;
        _batch = batch;
        _loop = Task.Run(RunAsync);
    }

    public static async Task<FloorCommitter> StartAsync(NpgsqlDataSource dataSource)
    {
        NpgsqlConnection connection = await dataSource.OpenConnectionAsync();
        var batch = new FloorBatch(connection);
        await batch.PrepareAsync();
        return new FloorCommitter(connection, batch);
    }

    public void Add(FloorWriter writer) => _queue.Writer.TryWrite(writer);

    public async ValueTask DisposeAsync()
    {
        _queue.Writer.TryComplete();
        await _loop;
        await _batch.DisposeAsync();
        await _connection.DisposeAsync();
    }

    private async Task RunAsync()
    {
        var writers = new List<FloorWriter>(MaxBatchRows);
        while (await _queue.Reader.WaitToReadAsync())
        {
            while (writers.Count < MaxBatchRows && _queue.Reader.TryRead(out FloorWriter? writer))
            {
                writers.Add(writer);
            }

            try
            {
                await _batch.WriteAsync(writers);
                writers.ForEach(writer => writer.Complete());
            }
            catch (NpgsqlException exception)
            {
                writers.ForEach(writer => writer.Fail(exception));
            }

            writers.Clear();
        }
    }
}
