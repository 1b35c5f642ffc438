using Npgsql;
using OrleansMemory.Benchmarks.Database;

namespace OrleansMemory.Benchmarks.Floors;

/// <summary>One connection that commits the least there is: what a commit and its wait for the disk cost by themselves.</summary>
internal sealed class BareCommits : IAsyncDisposable
{
    private readonly NpgsqlDataSource _dataSource;
    private readonly NpgsqlConnection _connection;
    private readonly NpgsqlCommand _commit;

    private BareCommits(NpgsqlDataSource dataSource, NpgsqlConnection connection, NpgsqlCommand commit)
    {
        _dataSource = dataSource;
        _connection = connection;
        _commit = commit;
    }

    public static async Task<BareCommits> StartAsync(BenchmarkDatabase database)
    {
        NpgsqlDataSource dataSource = await FloorSchema.CreateAsync(database, conversations: 0);
        await using NpgsqlCommand create = dataSource.CreateCommand(BenchmarkSql.CreateBareTable);
        await create.ExecuteNonQueryAsync();
        NpgsqlConnection connection = await dataSource.OpenConnectionAsync();
        var commit = new NpgsqlCommand(BenchmarkSql.CommitBareRow, connection);
        await commit.PrepareAsync();
        return new BareCommits(dataSource, connection, commit);
    }

    public async ValueTask CommitAsync() => await _commit.ExecuteNonQueryAsync();

    public async ValueTask DisposeAsync()
    {
        await _commit.DisposeAsync();
        await _connection.DisposeAsync();
        await _dataSource.DisposeAsync();
    }
}
