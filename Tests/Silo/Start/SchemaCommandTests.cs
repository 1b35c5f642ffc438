using OrleansMemory.Tests.Support;
using Xunit;

namespace OrleansMemory.Tests.Silo.Start;

/// <summary>What the silo's program does to a schema without running a silo.</summary>
public sealed class SchemaCommandTests(PostgresDatabase database) : IClassFixture<PostgresDatabase>
{
    [Fact]
    public async Task A_schema_is_looked_at_then_migrated_then_there_is_nothing_to_do()
    {
        string[] check = await RunAsync(3, "--check");
        Assert.Contains("version 0 in the database", check[^1], StringComparison.Ordinal);
        Assert.Contains("To run: 0001_conversations.sql, ", check[^1], StringComparison.Ordinal);
        Assert.Equal(DBNull.Value, await database.ExecuteAsync("select to_regclass('orleans_memory.conversation')::text"));

        Assert.Contains("Ran 0001_conversations.sql, ", (await RunAsync(0, "--migrate"))[^1], StringComparison.Ordinal);
        Assert.EndsWith("Nothing to do.", (await RunAsync(0, "--migrate"))[^1], StringComparison.Ordinal);
        Assert.EndsWith("Nothing to do.", (await RunAsync(0, "--check"))[^1], StringComparison.Ordinal);
        Assert.Equal(0L, await database.ExecuteAsync("select count(*) from orleans_memory.conversation"));
    }

    [Theory]
    [InlineData("OrleansMemory:Store:Kind", "Memory", "are about PostgreSQL", "--migrate")]
    [InlineData("OrleansMemory:Conversations:MaxEntries", "0", "OrleansMemory:Conversations:MaxEntries must be", "--check")]
    [InlineData("OrleansMemory:Store:Kind", "Postgres", "Give one of --check and --migrate.", "--check", "--migrate")]
    public async Task What_is_wrong_is_said_in_one_line(string setting, string value, string line, params string[] arguments)
    {
        await using SiloRun run = SiloRun.Start(arguments, ("ConnectionStrings:Postgres", database.ConnectionString), (setting, value));

        Assert.Equal(1, await run.EndAsync());
        Assert.Contains(line, Assert.Single(run.Errors), StringComparison.Ordinal);
    }

    private async Task<string[]> RunAsync(int exitCode, string argument)
    {
        await using SiloRun run = SiloRun.Start([argument], ("ConnectionStrings:Postgres", database.ConnectionString));
        int ended = await run.EndAsync();
        Assert.True(ended == exitCode, $"{ended}: {string.Join('\n', run.Lines.Concat(run.Errors))}");
        return [.. run.Lines];
    }
}
