using Npgsql;
using OrleansMemory.Benchmarks.Database;
using OrleansMemory.Benchmarks.Subjects;
using OrleansMemory.Grains.Storage.Postgres;

namespace OrleansMemory.Benchmarks.Floors;

/// <summary>
/// Group commit by hand: the same rows in the same tables (message, journal, head) with as many committers as ours, but no grain, no
/// validation, no version check, no replay check and nothing allocated per batch. What a store of this shape cannot beat.
/// </summary>
internal sealed class GroupCommitFloor : IAsyncDisposable
{
    private readonly NpgsqlDataSource _dataSource;
    private readonly FloorCommitter[] _committers;
    private readonly FloorWriter[] _writers;

    private GroupCommitFloor(NpgsqlDataSource dataSource, FloorCommitter[] committers, FloorWriter[] writers)
    {
        _dataSource = dataSource;
        _committers = committers;
        _writers = writers;
    }

    /// <summary>Starts it on a schema of its own.</summary>
    /// <param name="database">The run's database.</param>
    /// <param name="writers">How many writers; each has one conversation.</param>
    /// <returns>The floor.</returns>
    public static async Task<GroupCommitFloor> StartAsync(BenchmarkDatabase database, int writers)
    {
        NpgsqlDataSource dataSource = await FloorSchema.CreateAsync(database, writers);
        var committers = new FloorCommitter[new PostgresStorageOptions().Committers];
        for (int i = 0; i < committers.Length; i++)
        {
            committers[i] = await FloorCommitter.StartAsync(dataSource);
        }

        return new GroupCommitFloor(dataSource, committers, [.. Enumerable.Range(1, writers).Select(id => new FloorWriter(id))]);
    }

    /// <summary>Appends one message durably.</summary>
    /// <param name="writer">Which writer, from 0; it has no other append on its way.</param>
    /// <returns>A task that ends when it is durable.</returns>
    public ValueTask AppendAsync(int writer)
    {
        FloorWriter mine = _writers[writer];
        ValueTask durable = mine.Next(ConversationInput.NewId(), ConversationInput.NewId(), TimeProvider.System.GetUtcNow());
        _committers[writer % _committers.Length].Add(mine);
        return durable;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (FloorCommitter committer in _committers)
        {
            await committer.DisposeAsync();
        }

        await _dataSource.DisposeAsync();
    }
}
