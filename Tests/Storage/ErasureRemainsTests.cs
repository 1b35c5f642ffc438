using System.Diagnostics;
using System.Text;
using Npgsql;
using OrleansMemory.Conversations;
using OrleansMemory.Memories;
using OrleansMemory.Silo.LocalPostgres;
using OrleansMemory.Tests.Support;
using OrleansMemory.Users;
using Xunit;

namespace OrleansMemory.Tests.Storage;

/// <summary>What an erasure leaves in the database: nothing that the user said or named in a dump, and none in its files once its tables
/// were written anew.</summary>
public sealed class ErasureRemainsTests(PostgresDatabase database) : IClassFixture<PostgresDatabase>
{
    // All that the user said, and every name and id of theirs, holds it; not the user's own id, which traces of memories keep for a day.
    private const string Marker = "zq7Marker";
    private const string User = "the user";

    [Fact]
    public async Task Nothing_of_an_erased_user_is_in_a_dump_nor_in_rewritten_files()
    {
        await using GrainHost host = await GrainHost.OnPostgresAsync(database.ConnectionString);
        await WriteAsync(host);
        Assert.Contains(Marker, await DumpAsync(), StringComparison.Ordinal);

        await host.Grains.GetGrain<IUserErasureGrain>(UserKey.Create("t", User).ToString()).EraseAsync();

        string[] left = [.. (await DumpAsync()).Split('\n').Where(line => line.Contains(Marker, StringComparison.Ordinal))];
        Assert.True(left.Length == 0, string.Join('\n', left));
        await database.ExecuteAsync("checkpoint");
        TestContext.Current.TestOutputHelper?.WriteLine(
            $"Before VACUUM FULL {await FilesWithAsync(Marker)} files of the database hold the marker."
        );
        Assert.Equal(0, await VacuumAsync());
    }

    /// <summary>
    /// Rewrites all tables. Rows that a transaction could still see which began before they went (such as the server's own ANALYZE) are
    /// left for the next time.
    /// </summary>
    private async Task<int> VacuumAsync()
    {
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        while (true)
        {
            await database.ExecuteAsync("vacuum full");
            await database.ExecuteAsync("checkpoint");
            int left = await FilesWithAsync(Marker);
            if (left == 0 || deadline.IsCancellationRequested)
            {
                return left;
            }

            await Task.Delay(TimeSpan.FromMilliseconds(200));
        }
    }

    private static async Task WriteAsync(GrainHost host)
    {
        IConversationGrain own = host.Conversation($"{Marker}-conversation", "t");
        await own.CommitAsync(
            Messages.Turn($"{Marker}-turn", Messages.User($"{Marker} text")) with
            {
                InitialSettings = new ConversationSettings
                {
                    UserId = User,
                    AgentId = $"{Marker} agent",
                    Title = $"{Marker} title",
                    Metadata = $$"""{"{{Marker}}":"{{Marker}}"}""",
                },
                EntryWrites =
                [
                    new EntryWrite
                    {
                        Space = EntrySpaces.Globals,
                        Key = $"{Marker} key",
                        Value = $"\"{Marker} value\"",
                    },
                    new EntryWrite
                    {
                        Space = $"{Marker} space",
                        Key = "k",
                        Value = "1",
                    },
                ],
            }
        );
        await own.SearchAsync(new MessageSearchQuery { Text = Marker });

        // A fork that another user took over, and one that is the user's; and one of what has been deleted since.
        await own.ForkAsync(new ForkRequest { NewId = "given" });
        await host.Conversation("given", "t").CommitAsync(Owned("takes", "other"));
        await own.ForkAsync(new ForkRequest { NewId = $"{Marker}-fork" });
        IConversationGrain deleted = host.Conversation($"{Marker}-deleted", "t");
        await deleted.CommitAsync(Owned($"{Marker}-deleted-turn", User));
        await deleted.ForkAsync(new ForkRequest { NewId = "of-deleted" });
        await host.Conversation("of-deleted", "t").CommitAsync(Owned("takes too", "other"));
        await deleted.DeleteAsync();

        var scope = MemoryScope.Create("t", user: User);
        await host
            .Grains.GetGrain<IMemoryGrain>(scope.ToString())
            .RecordAsync(
                new RecordRequest
                {
                    Key = $"{Marker}-recording",
                    Memories = [new NewMemory { Kind = MemoryKind.Fact, Text = $"{Marker} fact" }],
                }
            );
    }

    private static Turn Owned(string turnId, string user) =>
        Messages.Turn(turnId, Messages.User(user == User ? $"{Marker} text" : "another's text")) with
        {
            Settings = SettingsChange.Replace(new ConversationSettings { UserId = user }),
        };

    private async Task<string> DumpAsync()
    {
        var connection = new NpgsqlConnectionStringBuilder(database.ConnectionString);
        var start = new ProcessStartInfo(Path.Combine(LocalPostgresBinaries.Find()!.Folder, "pg_dump"))
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
        };
        start.Environment["PGPASSWORD"] = connection.Password;
        string[] arguments =
        [
            "--host",
            connection.Host!,
            "--port",
            $"{connection.Port}",
            "--username",
            connection.Username!,
            connection.Database!,
        ];
        foreach (string argument in arguments)
        {
            start.ArgumentList.Add(argument);
        }

        using Process dump = Process.Start(start)!;
        string text = await dump.StandardOutput.ReadToEndAsync();
        await dump.WaitForExitAsync();
        Assert.Equal(0, dump.ExitCode);
        return text;
    }

    private async Task<int> FilesWithAsync(string marker)
    {
        string data = (string)(await database.ExecuteAsync("show data_directory"))!;
        object? oid = await database.ExecuteAsync("select oid::bigint from pg_database where datname = current_database()");
        byte[] bytes = Encoding.ASCII.GetBytes(marker);
        string folder = Path.Combine(data, "base", $"{oid}");

        // A server on another machine is dumped only.
        return Directory.Exists(folder) ? Directory.EnumerateFiles(folder).Count(file => Holds(file, bytes)) : 0;
    }

    /// <summary>Whether the file holds the bytes. One that the running server has removed since it was listed holds nothing.</summary>
    private static bool Holds(string file, byte[] bytes)
    {
        try
        {
            return File.ReadAllBytes(file).AsSpan().IndexOf(bytes) >= 0;
        }
        catch (FileNotFoundException)
        {
            return false;
        }
    }
}
