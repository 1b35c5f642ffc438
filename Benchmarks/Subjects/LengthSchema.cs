using OrleansMemory.Benchmarks.Database;
using OrleansMemory.Grains.Storage.Postgres;

namespace OrleansMemory.Benchmarks.Subjects;

/// <summary>A schema with conversations of several lengths, the long ones made once for all benchmarks that ask about length.</summary>
internal sealed class LengthSchema
{
    // The lengths that DESIGN section 8 names, and one in between.
    public const int Short = 10;
    public const int Middle = 1_000;
    public const int Long = 100_000;

    // Two of the longest: a figure must not hang on how one of them happens to lie on disk.
    private const int LongConversations = 2;

    private int _made;

    private LengthSchema(PostgresStorageOptions storage) => Storage = storage;

    /// <summary>How to reach it.</summary>
    public PostgresStorageOptions Storage { get; }

    /// <summary>The ids of the conversations of <see cref="Long"/> messages, and what benchmarks have appended since.</summary>
    public IReadOnlyList<string> LongIds { get; } =
    [.. Enumerable.Range(0, LongConversations).Select(i => FormattableString.Invariant($"long-{i}"))];

    public static async Task<LengthSchema> CreateAsync(BenchmarkDatabase database)
    {
        var schema = new LengthSchema(await database.CreateSchemaAsync());
        await using BenchmarkHost host = await BenchmarkHost.StartAsync(schema.Storage);
        await Task.WhenAll(schema.LongIds.Select(id => host.FillAsync(id, Long)));
        return schema;
    }

    /// <summary>Makes new conversations, or finds the long ones.</summary>
    /// <param name="host">A host on this schema.</param>
    /// <param name="length">Their length.</param>
    /// <param name="count">How many new ones; of the long ones there are always two.</param>
    /// <returns>Their ids.</returns>
    public async Task<IReadOnlyList<string>> ConversationsAsync(BenchmarkHost host, int length, int count)
    {
        if (length == Long)
        {
            return LongIds;
        }

        string[] ids = [.. Enumerable.Range(0, count).Select(_ => FormattableString.Invariant($"length-{length}-{++_made}"))];
        await Task.WhenAll(ids.Select(id => host.FillAsync(id, length)));
        return ids;
    }
}
