using OrleansMemory.Tests.Support;
using Xunit;

namespace OrleansMemory.Tests.Stress.Hostile;

/// <summary>
/// Some thousands of hostile requests, the first sequences the same in every run, the others of seeds that are printed. <c>hostile.sh</c>
/// runs more of them, and repeats one.
/// </summary>
/// <param name="database">Its database.</param>
/// <param name="output">Where seeds and figures are printed.</param>
public sealed class HostileTests(PostgresDatabase database, ITestOutputHelper output) : IClassFixture<PostgresDatabase>
{
    private const int Requests = 1_000;

    [Fact]
    public async Task Whatever_is_sent_is_answered_as_documented_and_touches_no_other_tenant() =>
        await HostileRun.RunAsync(
            database,
            [1, 2, Random.Shared.Next(1_000, int.MaxValue), Random.Shared.Next(1_000, int.MaxValue)],
            Requests,
            output.WriteLine
        );

    [HostileFact]
    public async Task As_many_as_were_asked_for() =>
        await HostileRun.RunAsync(
            database,
            [.. Enumerable.Range(HostileFactAttribute.FirstSeed, HostileFactAttribute.Generators)],
            HostileFactAttribute.Requests / HostileFactAttribute.Generators,
            Console.WriteLine
        );
}
