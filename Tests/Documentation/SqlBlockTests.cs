using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;
using OrleansMemory.Grains.Storage.Postgres;
using OrleansMemory.Grains.Storage.Postgres.Schema;
using OrleansMemory.Tests.Support;
using Xunit;

namespace OrleansMemory.Tests.Documentation;

/// <summary>PostgreSQL reads the SQL of pages; questions are planned on our schema.</summary>
public sealed class SqlBlockTests(PostgresDatabase database) : IClassFixture<PostgresDatabase>
{
    [Fact]
    public async Task Statements_of_pages_are_SQL_and_name_what_is_there()
    {
        await MigrateAsync();
        IReadOnlyList<CodeBlock> blocks = DocumentPage.In("sql");
        Assert.NotEmpty(blocks);
        foreach (
            string statement in blocks.SelectMany(block =>
                WithoutRemarks(block.Code).Split(";\n", StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
            )
        )
        {
            // Others would change the server: they are read and not run.
            await database.ExecuteAsync(
                statement.StartsWith("select", StringComparison.Ordinal)
                    ? $"explain {statement}"
                    : $"do $shown$ begin if false then {statement}\n; end if; end $shown$"
            );
        }
    }

    private static string WithoutRemarks(string code) =>
        string.Concat(code.Split('\n').Select(line => line.Split("--")[0].TrimEnd() + "\n"));

    private async Task MigrateAsync()
    {
        var options = new PostgresStorageOptions { ConnectionString = database.ConnectionString };
        await using NpgsqlDataSource source = PostgresConnections.ForMigrating(options);
        await new SchemaMigrator(options.Schema, SqlScripts.Schema(), NullLogger<SchemaMigrator>.Instance).MigrateAsync(
            source,
            CancellationToken.None
        );
    }
}
