using OrleansMemory.Conversations;
using OrleansMemory.Silo.LocalPostgres;
using OrleansMemory.Tests.Support;
using Xunit;

namespace OrleansMemory.Tests.Documentation;

/// <summary>The commands of docs/backup.md, as they stand there, on a server of their own.</summary>
public sealed class BackupPageTests
{
    private readonly PostgresShell _shell = new();

    [Fact]
    public async Task The_commands_of_the_page_bring_conversations_back_as_they_were()
    {
        var commands = new Queue<(string Name, string Script)>(ReadCommands());
        string backup = await _shell.NewFolderAsync();
        try
        {
            await RunAsync(commands, backup);
        }
        finally
        {
            Directory.Delete(backup, recursive: true);
        }

        Assert.Empty(commands);
    }

    private async Task RunAsync(Queue<(string Name, string Script)> commands, string backup)
    {
        string folder = PostgresDatabase.NewServerFolder();
        await using LocalPostgresServer server = await LocalPostgresServer.StartAsync(
            new LocalPostgresOptions
            {
                Folder = folder,
                Temporary = true,
                Syncs = false,
            },
            CancellationToken.None
        );
        string restored = Path.Combine(backup, "restored");
        (string, string)[] environment =
        [
            .. LocalServers.Reach(server),
            ("PGDATABASE", "memory"),
            ("DATA", Path.Combine(folder, "data")),
            ("BACKUP", backup),
            ("RESTORED", restored),
            ("RESTORED_PORT", "5433"),
        ];
        Task StepAsync(string name, params (string, string)[] more)
        {
            (string found, string script) = commands.Dequeue();
            Assert.Equal(name, found);
            return _shell.RunAsync(script, [.. environment, .. more]);
        }

        // What a server is told on its command line is not in its base backup: the restored one is reached by the same socket's folder, and
        // by nobody else.
        await _shell.RunAsync(
            """
            createdb memory
            psql --command="alter system set unix_socket_directories = '$PGHOST'" --command="alter system set listen_addresses = ''" \
              --command="alter system set max_connections = 200" --command="alter system set fsync = off"
            """,
            environment
        );
        string original = LocalServers.On(server, "memory");
        await CommitAsync(original, "t1");
        await StepAsync("dump");
        await CommitAsync(original, "t2");
        await StepAsync("restore a dump");
        Assert.Equal(1, await VersionAsync(LocalServers.On(server, "memory_restored")));

        await StepAsync("archive the WAL");
        await StepAsync("base backup");
        await CommitAsync(original, "t3");
        string moment = await _shell.RunAsync("psql --tuples-only --no-align --command='select clock_timestamp()'", environment);
        await CommitAsync(original, "t4");
        await StepAsync("hand over the WAL");
        try
        {
            await StepAsync("restore to a moment", ("TARGET_TIME", moment.Trim()));
            string past = LocalServers.On(server, "memory", 5433);
            Assert.Equal(3, await VersionAsync(past));
            await CommitAsync(past, "t5");
            Assert.Equal(4, await VersionAsync(past));
            Assert.Equal(4, await VersionAsync(original));
            Assert.Equal(["t1", "t1", "t2", "t2", "t3", "t3", "t4", "t4"], await TextsAsync(original));
        }
        finally
        {
            await _shell.RunAsync(
                "if [ -d \"$RESTORED\" ]; then pg_ctl stop --mode=immediate --pgdata=\"$RESTORED\" || true; fi",
                environment
            );
        }
    }

    private static IEnumerable<(string Name, string Script)> ReadCommands()
    {
        string[] parts = File.ReadAllText(Checkout.PathOf("docs/backup.md")).Split("```sh\n# ");
        foreach (string part in parts.Skip(1))
        {
            string[] lines = part.Split("```")[0].Split('\n', 2);
            yield return (lines[0], lines[1]);
        }
    }

    private static async Task CommitAsync(string connectionString, string turnId)
    {
        await using GrainHost host = await GrainHost.OnPostgresAsync(connectionString);
        await host.Conversation("kept").CommitAsync(Ledger.Turn(turnId));
    }

    private static async Task<long> VersionAsync(string connectionString)
    {
        await using GrainHost host = await GrainHost.OnPostgresAsync(connectionString);
        return (await host.Conversation("kept").GetHeadAsync())!.Version;
    }

    private static async Task<string[]> TextsAsync(string connectionString)
    {
        await using GrainHost host = await GrainHost.OnPostgresAsync(connectionString);
        (Head _, List<Message> messages) = await Ledger.ReadAsync(host.Conversation("kept"));
        string[] turns = ["t1", "t2", "t3", "t4", "t5"];
        return [.. messages.Select(message => turns.Single(turn => Messages.Text(turn) == message.Contents))];
    }
}
