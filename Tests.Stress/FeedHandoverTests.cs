using Microsoft.Extensions.Logging.Abstractions;
using OrleansMemory.Grains.Storage.InMemory;
using OrleansMemory.Tests.Support;
using Xunit;

namespace OrleansMemory.Tests.Stress;

/// <summary>Feeds over deactivation and host restart: no gap, no repetition, on both stores.</summary>
public sealed class FeedHandoverTests(PostgresDatabase database) : IClassFixture<PostgresDatabase>
{
    public static TheoryData<int> Seeds => [.. Campaign.Seeds(3)];

    [Theory]
    [MemberData(nameof(Seeds))]
    public async Task Every_reader_has_what_the_log_has(int seed)
    {
        var store = new InMemoryConversationStore(NullLogger<InMemoryConversationStore>.Instance);
        await using var schedule = new FeedSchedule(seed, () => GrainHost.OverStoreAsync(store));
        await schedule.RunAsync();
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public async Task Every_reader_has_what_the_log_has_on_postgres(int seed)
    {
        await using var schedule = new FeedSchedule(seed, () => GrainHost.OnPostgresAsync(database.ConnectionString));
        await schedule.RunAsync();
    }
}
