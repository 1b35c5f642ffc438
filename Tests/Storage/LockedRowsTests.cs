using System.Reflection;
using System.Text.RegularExpressions;
using Npgsql;
using OrleansMemory.Grains.Storage.Postgres;
using OrleansMemory.Tests.Support;
using Xunit;

namespace OrleansMemory.Tests.Storage;

/// <summary>
/// A row that a statement has waited for is not left out. PostgreSQL looks at the conditions once more then, and drops the row where these
/// came through a subquery that the planner made a join with distinct rows of.
/// </summary>
public sealed partial class LockedRowsTests(PostgresDatabase database) : IClassFixture<PostgresDatabase>
{
    // Many conversations of which few are locked: the planner enters the table through ids.
    private const string Fill = """
        insert into conversation (store_id, tenant, name, state, version, first_sequence, last_sequence, user_id, created_at, updated_at, listed_at)
        select i, 't' || i / 8, 'c' || i % 8, 0, 1, 1, 1, 'u', now(), now(), now() from generate_series(8, 20007) i;
        update conversation set parent_id = 8, parent_sequence = 1 where store_id between 9 and 15;
        """;

    // What the planner may choose, and how.
    private static readonly string[] Modes = ["force_custom_plan", "force_generic_plan"];
    private static readonly string[] Settings =
    [
        "work_mem = '4MB'",
        "enable_hashagg = off",
        "enable_nestloop = off",
        "enable_hashjoin = off",
        "enable_seqscan = off",
    ];

    [Fact]
    public async Task Rows_that_were_waited_for_are_among_those_that_are_locked()
    {
        PostgresStorageOptions options = await SchemaOfTests.MakeAsync(database);
        await using NpgsqlDataSource source = PostgresConnections.ForReading(options);
        await using NpgsqlConnection writer = await source.OpenConnectionAsync();
        await writer.ExecuteAsync(Fill);
        await writer.ExecuteAsync("analyze conversation");
        foreach ((string mode, string setting) in Modes.SelectMany(mode => Settings.Select(setting => (mode, setting))))
        {
            await using NpgsqlConnection locker = await source.OpenConnectionAsync();
            await locker.ExecuteAsync($"set plan_cache_mode = {mode}; set {setting}");

            string user = await LockWhileWrittenAsync(
                locker,
                writer,
                SqlScripts.LockUserLives,
                "text, text, timestamptz, bigint",
                "'t1', 'u', now() + interval '1 hour', 200"
            );
            string lives = await LockWhileWrittenAsync(locker, writer, SqlScripts.LockLives, "text, text", "'t1', 'c1'");
            string forks = await LockWhileWrittenAsync(locker, writer, SqlScripts.LockForks, "bigint[]", "'{8}'");

            Assert.Equal(
                $"{mode}, {setting}: 8 9 10 11 12 13 14 15 | 9 | 9 10 11 12 13 14 15",
                $"{mode}, {setting}: {user} | {lives} | {forks}"
            );
        }
    }

    [Fact]
    public void Statements_that_lock_rows_choose_them_by_no_subquery_that_can_become_a_join()
    {
        Assembly assembly = typeof(SqlScripts).Assembly;
        string[] statements =
        [
            .. assembly.GetManifestResourceNames().Where(name => name.Contains("Sql.Statements", StringComparison.Ordinal)),
        ];
        Assert.Contains(statements, name => Locks().IsMatch(Read(assembly, name)));
        Assert.All(
            statements,
            name => Assert.False(Locks().IsMatch(Read(assembly, name)) && JoinedSubquery().IsMatch(Read(assembly, name)), name)
        );
    }

    /// <summary>Runs a statement that locks rows while a turn is written to the conversation with the id 9.</summary>
    /// <returns>The first column of what it locked.</returns>
    private static async Task<string> LockWhileWrittenAsync(
        NpgsqlConnection locker,
        NpgsqlConnection writer,
        string sql,
        string types,
        string arguments
    )
    {
        await locker.ExecuteAsync($"prepare locking ({types}) as {sql}");
        await using NpgsqlTransaction turn = await writer.BeginTransactionAsync();
        await writer.ExecuteAsync("update conversation set version = version + 1 where store_id = 9");
        await using var command = new NpgsqlCommand($"execute locking({arguments})", locker);
        Task<string> locking = ReadIdsAsync(command);
        await using var waits = new NpgsqlCommand($"select count(*) from pg_locks where pid = {locker.ProcessID} and not granted", writer);
        while (await waits.ExecuteScalarAsync() is 0L)
        {
            Assert.False(locking.IsCompleted, "The statement did not wait for the row.");
        }

        await turn.CommitAsync();
        string locked = await locking;
        await locker.ExecuteAsync("deallocate locking");
        return locked;
    }

    private static async Task<string> ReadIdsAsync(NpgsqlCommand command)
    {
        await using NpgsqlDataReader reader = await command.ExecuteReaderAsync();
        var ids = new List<string>();
        while (await reader.ReadAsync())
        {
            ids.Add($"{reader.GetInt64(0)}");
        }

        return string.Join(' ', ids);
    }

    private static string Read(Assembly assembly, string name)
    {
        using var reader = new StreamReader(assembly.GetManifestResourceStream(name)!);
        IEnumerable<string> lines = reader.ReadToEnd().Split('\n').Where(line => !line.StartsWith("--", StringComparison.Ordinal));

        // The negation is no join.
        return string.Join('\n', lines).Replace("not in (", "<> all (", StringComparison.Ordinal);
    }

    [GeneratedRegex(
        @"\bfor\s+(no\s+key\s+)?(update|share)\b|^\s*(update|delete\s+from)\b",
        RegexOptions.IgnoreCase | RegexOptions.Multiline | RegexOptions.NonBacktracking
    )]
    private static partial Regex Locks();

    [GeneratedRegex(@"\bin\s*\(+\s*select\b|\b(where|and)\s+exists\s*\(", RegexOptions.IgnoreCase | RegexOptions.NonBacktracking)]
    private static partial Regex JoinedSubquery();
}
