using Npgsql;
using OrleansMemory.Benchmarks.Database;
using OrleansMemory.Grains.Storage.Postgres;

namespace OrleansMemory.Benchmarks.Growth;

/// <summary>A schema whose conversations become more and more, made by a script.</summary>
internal sealed class GrownConversations
{
    // What the script gives on average.
    public const double MessagesEach = 1.5;

    // So many that a list of a user's newest 50 is a whole page.
    private const int PerUser = 60;

    // Small enough for the memory of a step, large enough that a step's start costs nothing.
    private const int Step = 20_000;

    // As many as there are processors.
    private const int Makers = 2;

    // Far beyond all that the script makes.
    private const long FirstReserved = 1_000_000_001;

    private readonly Random _random = new(20261129);

    private GrownConversations(PostgresStorageOptions storage) => Storage = storage;

    /// <summary>How to reach it.</summary>
    public PostgresStorageOptions Storage { get; }

    /// <summary>How many there are. Their store ids begin at 1.</summary>
    public int Count { get; private set; }

    public static async Task<GrownConversations> CreateAsync(BenchmarkDatabase database)
    {
        var grown = new GrownConversations(await database.CreateSchemaAsync());
        await database.ReadRowFromAsync(grown.Storage.Schema, BenchmarkSql.StartStoreIds, FirstReserved);
        return grown;
    }

    /// <summary>Makes more of them.</summary>
    /// <param name="count">How many there are to be in all.</param>
    /// <returns>A task that ends when they are there.</returns>
    public async Task GrowAsync(int count)
    {
        int first = Count + 1;
        long users = Math.Max(1, (count - Count) / PerUser);
        await using NpgsqlDataSource source = PostgresConnections.ForMigrating(Storage);
        IEnumerable<int> steps = Enumerable.Range(0, (count - first) / Step + 1).Select(step => first + (step * Step));
        await Parallel.ForEachAsync(
            steps,
            new ParallelOptions { MaxDegreeOfParallelism = Makers },
            async (from, cancellationToken) =>
            {
                await using NpgsqlCommand make = source.CreateCommand(BenchmarkSql.GrowConversations);
                make.CommandTimeout = 0;
                make.Parameters.Add(new NpgsqlParameter { Value = (long)from });
                make.Parameters.Add(new NpgsqlParameter { Value = (long)Math.Min(from + Step - 1, count) });
                make.Parameters.Add(new NpgsqlParameter { Value = (long)first });
                make.Parameters.Add(new NpgsqlParameter { Value = users });
                await make.ExecuteNonQueryAsync(cancellationToken);
            }
        );
        Count = count;
    }

    /// <summary>Chooses conversations by chance, none of them twice.</summary>
    /// <param name="count">How many, at most half of all.</param>
    /// <returns>The conversations, in no order.</returns>
    public async Task<IReadOnlyList<GrownConversation>> SampleAsync(int count)
    {
        var seen = new HashSet<long>();
        var sample = new List<GrownConversation>(count);

        // Some that were made may be gone.
        while (sample.Count < count)
        {
            var ids = new List<long>();
            while (ids.Count < count - sample.Count)
            {
                long id = _random.NextInt64(1, Count + 1L);
                if (seen.Add(id))
                {
                    ids.Add(id);
                }
            }

            sample.AddRange(await FindAsync(ids));
        }

        return sample;
    }

    /// <summary>The conversations that lie beside each other at the beginning of the table.</summary>
    /// <param name="count">How many.</param>
    /// <returns>The conversations.</returns>
    public Task<IReadOnlyList<GrownConversation>> NeighboursAsync(int count) =>
        FindAsync(Enumerable.Range(1, count).Select(id => (long)id));

    private async Task<IReadOnlyList<GrownConversation>> FindAsync(IEnumerable<long> ids)
    {
        await using NpgsqlDataSource source = PostgresConnections.ForReading(Storage);
        await using NpgsqlCommand command = source.CreateCommand(BenchmarkSql.SampleConversations);
        command.CommandTimeout = 0;
        command.Parameters.Add(new NpgsqlParameter { Value = ids.ToArray() });
        await using NpgsqlDataReader reader = await command.ExecuteReaderAsync();
        var found = new List<GrownConversation>();
        while (await reader.ReadAsync())
        {
            found.Add(new GrownConversation(reader.GetString(0), reader.GetString(1), reader.GetString(2)));
        }

        return found;
    }
}
