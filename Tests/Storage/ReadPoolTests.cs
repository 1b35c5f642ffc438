using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;
using OrleansMemory.Errors;
using OrleansMemory.Grains.Diagnostics;
using OrleansMemory.Grains.Storage.Postgres;
using OrleansMemory.Grains.Storage.Postgres.Conversations;
using OrleansMemory.Tests.Support;
using Xunit;

namespace OrleansMemory.Tests.Storage;

/// <summary>
/// Connections for reading are kept, with their prepared statements, as long as they are good: an error that passes says nothing of them. A
/// lost one takes the pool along, because the others died with it.
/// </summary>
public sealed class ReadPoolTests(PostgresDatabase database) : IClassFixture<PostgresDatabase>, IAsyncLifetime
{
    private const string Good = "select 42";

    private readonly MemoryInstruments _instruments = new();
    private PostgresConversationStore _store = null!;

    /// <summary>Statements that fail, by SQLSTATE, and how often they run before.</summary>
    public static TheoryData<string, int> PassingErrors =>
        new()
        {
            { "40001", 0 },
            { "40001", 1 },
            { "40001", 2 },
            { "40P01", 1 },
            { "55P03", 0 },
            { "55P03", 1 },
            { "57014", 1 },
        };

    public async ValueTask InitializeAsync() => _store = await OpenAsync(database.ConnectionString);

    public async ValueTask DisposeAsync()
    {
        await _store.DisposeAsync();
        _instruments.Dispose();
    }

    [Theory]
    [MemberData(nameof(PassingErrors))]
    public async Task An_error_that_passes_keeps_the_pool_and_its_prepared_statements(string state, int successes)
    {
        int pid = await RunAsync(PidAsync);
        for (int i = 0; i < 3; i++)
        {
            Assert.Equal(42, await RunAsync(connection => ScalarAsync<int>(connection, Good)));
        }

        // The same statement fails for one value of its parameter only: in its first use, in the one that prepares it, and when it is
        // prepared.
        await database.ExecuteAsync(
            """
            create or replace function fail_with(state text) returns int language plpgsql as
            $$ begin if state <> '' then raise exception using errcode = state; end if; return 1; end $$
            """
        );
        for (int i = 0; i < successes; i++)
        {
            Assert.Equal(1, await RunAsync(connection => FailAsync(connection, "")));
        }

        bool failed = false;
        int answer = await RunAsync(async connection =>
        {
            bool first = !failed;
            failed = true;
            return await FailAsync(connection, first ? state : "");
        });

        Assert.Equal(1, answer);
        Assert.Equal(pid, await RunAsync(PidAsync));
        Assert.Equal(
            1L,
            await RunAsync(connection =>
                ScalarAsync<long>(connection, $"select count(*) from pg_prepared_statements where statement = '{Good}'")
            )
        );
        for (int i = 0; i < 3; i++)
        {
            Assert.Equal(1, await RunAsync(connection => FailAsync(connection, "")));
            Assert.Equal(42, await RunAsync(connection => ScalarAsync<int>(connection, Good)));
        }
    }

    [Theory]
    [InlineData("set statement_timeout = '20ms'", "select pg_sleep(60)")]
    [InlineData("set lock_timeout = '20ms'", "lock table schema_version in access exclusive mode")]
    public async Task A_time_out_of_the_server_keeps_the_pool(string limit, string statement)
    {
        int pid = await RunAsync(PidAsync);
        await using var other = new NpgsqlConnection(database.ConnectionString + ";Pooling=false");
        await other.OpenAsync();
        await using NpgsqlTransaction transaction = await other.BeginTransactionAsync();
        await using (var hold = new NpgsqlCommand("lock table orleans_memory.schema_version in access share mode", other, transaction))
        {
            await hold.ExecuteNonQueryAsync();
        }

        bool failed = false;
        Assert.Equal(
            pid,
            await RunAsync(async connection =>
            {
                if (!failed)
                {
                    failed = true;
                    await using NpgsqlTransaction own = await connection.BeginTransactionAsync();
                    await ExecuteAsync(connection, limit.Replace("set ", "set local ", StringComparison.Ordinal));
                    await ExecuteAsync(connection, statement);
                }

                return await PidAsync(connection);
            })
        );
        Assert.True(failed);
    }

    [Fact]
    public async Task Connections_that_the_server_has_ended_are_replaced()
    {
        await using PostgresConversationStore store = await OpenAsync(database.ConnectionString, connections: 6);
        int[] pids = await HoldAsync(store, 6);
        Assert.Distinct(pids);

        // More are dead than there are attempts: only an emptied pool recovers.
        foreach (int pid in pids)
        {
            await database.ExecuteAsync($"select pg_terminate_backend({pid})");
        }

        Assert.DoesNotContain(await store.RunAsync((connection, _) => PidAsync(connection), 4, CancellationToken.None), pids);
    }

    [Fact]
    public async Task An_error_of_ours_is_told_as_such_at_once_and_keeps_the_pool()
    {
        int pid = await RunAsync(PidAsync);
        int attempts = 0;
        await Assert.ThrowsAsync<StoreFaultException>(() =>
            RunAsync(connection =>
            {
                attempts++;
                return ScalarAsync<int>(connection, "select 'x'::text::int");
            })
        );
        Assert.Equal(1, attempts);
        Assert.Equal(pid, await RunAsync(PidAsync));
    }

    private static Task<int> FailAsync(NpgsqlConnection connection, string state) =>
        ScalarAsync<int>(connection, "select public.fail_with($1)", state);

    private static Task<int> PidAsync(NpgsqlConnection connection) => ScalarAsync<int>(connection, "select pg_backend_pid()");

    private static async Task<T> ScalarAsync<T>(NpgsqlConnection connection, string sql, string? parameter = null)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        if (parameter is not null)
        {
            command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = parameter });
        }

        return (T)(await command.ExecuteScalarAsync())!;
    }

    private static async Task ExecuteAsync(NpgsqlConnection connection, string sql)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync();
    }

    /// <summary>The process ids of that many connections, all open at once.</summary>
    private static async Task<int[]> HoldAsync(PostgresConversationStore store, int count)
    {
        using var gate = new Gate();
        Task<int>[] held =
        [
            .. Enumerable
                .Range(0, count)
                .Select(_ =>
                    store.RunAsync(
                        async (connection, _) =>
                        {
                            int pid = await PidAsync(connection);
                            await gate.PassAsync();
                            return pid;
                        },
                        1,
                        CancellationToken.None
                    )
                ),
        ];
        for (int i = 0; i < count; i++)
        {
            await gate.ArrivalAsync();
        }

        gate.Open();
        return await Task.WhenAll(held);
    }

    private Task<T> RunAsync<T>(Func<NpgsqlConnection, Task<T>> work) =>
        _store.RunAsync((connection, _) => work(connection), 4, CancellationToken.None);

    private Task<PostgresConversationStore> OpenAsync(string connectionString, int connections = 1) =>
        PostgresConversationStore.OpenAsync(
            new PostgresStorageOptions
            {
                ConnectionString = connectionString,
                Committers = 1,
                MaxReadConnections = connections,
            },
            _instruments,
            NullLoggerFactory.Instance,
            TimeProvider.System,
            CancellationToken.None
        );
}
