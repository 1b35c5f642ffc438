using System.Diagnostics;
using Npgsql;
using OrleansMemory.Silo.LocalPostgres;
using Xunit;

namespace OrleansMemory.Tests.Silo;

/// <summary>A private server is made, stopped, crashed and found again, and belongs to one process.</summary>
public sealed class LocalPostgresTests : IDisposable
{
    private readonly DirectoryInfo _parent = Directory.CreateTempSubdirectory("om-local-postgres-");

    public LocalPostgresTests()
    {
        // The server's account passes through it.
        if (!OperatingSystem.IsWindows())
        {
            _parent.UnixFileMode |= UnixFileMode.GroupExecute | UnixFileMode.OtherExecute;
        }
    }

    private LocalPostgresOptions Options =>
        new()
        {
            Folder = Path.Combine(_parent.FullName, "server"),
            SharedBuffersMegabytes = 16,
            MaxConnections = 20,
        };

    public void Dispose() => _parent.Delete(recursive: true);

    [Fact]
    public async Task Data_outlives_a_stop_a_crash_and_a_new_owner()
    {
        await using (LocalPostgresServer server = await LocalPostgresServer.StartAsync(Options, CancellationToken.None))
        {
            await ExecuteAsync(server, "create table kept (n int); insert into kept values (1)");
            await server.StopAsync(CancellationToken.None);
            await server.StartAgainAsync(CancellationToken.None);
            await ExecuteAsync(server, "insert into kept values (2)");
            await server.KillAsync(CancellationToken.None);
            await server.StartAgainAsync(CancellationToken.None);
            Assert.Equal(2L, await ExecuteAsync(server, "select count(*) from kept"));
        }

        await using LocalPostgresServer next = await LocalPostgresServer.StartAsync(Options, CancellationToken.None);
        Assert.Equal(2L, await ExecuteAsync(next, "select count(*) from kept"));
    }

    [Fact]
    public async Task Server_syncs_what_it_commits_and_listens_on_no_port()
    {
        await using LocalPostgresServer server = await LocalPostgresServer.StartAsync(
            Options with
            {
                Temporary = true,
            },
            CancellationToken.None
        );

        Assert.Equal("on", await ExecuteAsync(server, "show fsync"));
        Assert.Equal("on", await ExecuteAsync(server, "show synchronous_commit"));
        Assert.Equal("UTF8", await ExecuteAsync(server, "show server_encoding"));
        Assert.Equal("C", await ExecuteAsync(server, "select datcollate from pg_database where datname = current_database()"));
        Assert.Equal("", await ExecuteAsync(server, "show listen_addresses"));
    }

    [Fact]
    public async Task Second_server_on_one_folder_is_refused_with_a_way_out()
    {
        await using LocalPostgresServer server = await LocalPostgresServer.StartAsync(
            Options with
            {
                Temporary = true,
            },
            CancellationToken.None
        );

        LocalPostgresException refusal = await Assert.ThrowsAsync<LocalPostgresException>(() =>
            LocalPostgresServer.StartAsync(Options, CancellationToken.None)
        );

        Assert.Contains("Another process uses the folder", refusal.Message, StringComparison.Ordinal);
        Assert.Equal(1, await ExecuteAsync(server, "select 1"));
    }

    [Fact]
    public async Task Folder_with_other_things_in_it_is_left_alone()
    {
        string folder = Directory.CreateDirectory(Options.Folder).FullName;
        await File.WriteAllTextAsync(Path.Combine(folder, "thesis.txt"), "years of work");

        await Assert.ThrowsAsync<LocalPostgresException>(() =>
            LocalPostgresServer.StartAsync(Options with { Temporary = true }, CancellationToken.None)
        );

        Assert.Equal(["thesis.txt"], Directory.EnumerateFileSystemEntries(folder).Select(Path.GetFileName));
    }

    [Fact]
    public async Task Server_left_behind_by_a_killed_process_is_taken_over()
    {
        LocalPostgresServer first = await LocalPostgresServer.StartAsync(Options, CancellationToken.None);
        await ExecuteAsync(first, "create table kept (n int)");
        await first.DisposeAsync();
        string data = Path.Combine(Options.Folder, "data");
        string[] start =
        [
            LocalPostgresBinaries.Find()!.PgCtl,
            "start",
            "-w",
            "-s",
            "-D",
            data,
            "-l",
            Path.Combine(data, "left.log"),
            "-o",
            "-c listen_addresses= -k .",
        ];
        Assert.Equal(0, (await ServerAccount.Choose().RunAsync(start, CancellationToken.None)).ExitCode);
        string leftBehind = (await File.ReadAllLinesAsync(Path.Combine(data, "postmaster.pid")))[0];

        await using LocalPostgresServer server = await LocalPostgresServer.StartAsync(Options, CancellationToken.None);

        Assert.NotEqual(leftBehind, server.ProcessId.ToString());
        Assert.Equal(0L, await ExecuteAsync(server, "select count(*) from kept"));
    }

    [Fact]
    public async Task Temporary_folder_is_removed_with_its_server()
    {
        LocalPostgresServer server = await LocalPostgresServer.StartAsync(Options with { Temporary = true }, CancellationToken.None);
        await server.DisposeAsync();

        Assert.False(Directory.Exists(Options.Folder));
    }

    [Fact]
    public async Task Folder_too_deep_for_a_socket_gets_one_elsewhere()
    {
        var deep = Options with { Folder = Path.Combine(_parent.FullName, new string('d', 120)), Temporary = true };
        await using LocalPostgresServer server = await LocalPostgresServer.StartAsync(deep, CancellationToken.None);

        Assert.Equal(1, await ExecuteAsync(server, "select 1"));
    }

    [Fact]
    public async Task Watchdog_ends_server_and_temporary_folder_when_its_process_is_gone()
    {
        string folder = Directory.CreateDirectory(Options.Folder).FullName;
        using Process server = Process.Start("sleep", "600");
        using Process watchdog = Process.Start(ServerWatchdog.Command(server.Id, folder))!;

        watchdog.StandardInput.Close();
        await server.WaitForExitAsync(CancellationToken.None);
        await watchdog.WaitForExitAsync(CancellationToken.None);

        Assert.False(Directory.Exists(folder));
    }

    [Fact]
    public async Task Watchdog_sent_home_leaves_the_server_alone()
    {
        using Process server = Process.Start("sleep", "600");
        using Process watchdog = Process.Start(ServerWatchdog.Command(server.Id, null))!;

        await watchdog.StandardInput.WriteLineAsync();
        await watchdog.WaitForExitAsync(CancellationToken.None);

        Assert.False(server.HasExited);
        server.Kill();
        await server.WaitForExitAsync(CancellationToken.None);
    }

    [Fact]
    public void Binaries_of_the_highest_version_are_found_where_distributions_keep_them()
    {
        foreach (string version in (string[])["9.6", "15", "17"])
        {
            string bin = Directory.CreateDirectory(Path.Combine(_parent.FullName, version, "bin")).FullName;
            foreach (string name in (string[])["initdb", "pg_ctl", "postgres"])
            {
                File.WriteAllText(Path.Combine(bin, name), "");
            }
        }

        LocalPostgresBinaries? found = LocalPostgresBinaries.Find("/nowhere", [$"{_parent.FullName}/*/bin"]);

        Assert.Equal(Path.Combine(_parent.FullName, "17", "bin"), found?.Folder);
    }

    [Fact]
    public void No_binaries_are_found_where_there_are_none() =>
        Assert.Null(LocalPostgresBinaries.Find(_parent.FullName, [$"{_parent.FullName}/*/bin", "/nowhere/*/bin"]));

    private static async Task<object?> ExecuteAsync(LocalPostgresServer server, string sql)
    {
        await using NpgsqlDataSource source = NpgsqlDataSource.Create(server.ConnectionString + ";Pooling=false");
        await using NpgsqlCommand command = source.CreateCommand(sql);
        return await command.ExecuteScalarAsync(CancellationToken.None);
    }
}
