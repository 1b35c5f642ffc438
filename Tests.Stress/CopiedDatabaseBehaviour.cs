using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using OrleansMemory.Silo.LocalPostgres;
using OrleansMemory.Tests.Clustering;
using OrleansMemory.Tests.Support;
using Xunit;

namespace OrleansMemory.Tests.Stress;

/// <summary>
/// A silo starts on a copy of the database of a production silo that goes on working beside it, on the same machine and under the same
/// cluster id: they are two clusters, and nothing that is done to one reaches the other. Each kind of copy is a class of its own, since
/// they wait more than they work.
/// </summary>
public abstract class CopiedDatabaseBehaviour : IAsyncLifetime
{
    private const string Conversation = "shared";

    private readonly List<LocalPostgresServer> _servers = [];
    private string _original = "";
    private SiloProcess _production = null!;

    private protected PostgresShell Shell { get; } = new();

    /// <summary>The server of the production silo.</summary>
    private protected LocalPostgresServer Production => _servers[0];

    public async ValueTask InitializeAsync()
    {
        LocalPostgresServer server = await StartServerAsync(PostgresDatabase.NewServerFolder());
        _original = LocalServers.On(server, "memory");
        await PostgresDatabase.ExecuteAsync(server.ConnectionString, "create database memory");
        _production = await ClusterSilos.StartAsync(_original);
        await CommitAsync(_production, "before");
    }

    public async ValueTask DisposeAsync()
    {
        if (_production is not null)
        {
            await _production.DisposeAsync();
        }

        foreach (LocalPostgresServer server in _servers)
        {
            await server.DisposeAsync();
        }
    }

    private protected async Task IsAnotherClusterAsync(string connectionString, string told)
    {
        // No silo of the copy runs yet, and the original's are not taken for some.
        await Assert.ThrowsAsync<SiloUnavailableException>(() => ClientAsync(connectionString, TimeSpan.FromSeconds(3)));
        await using SiloProcess restored = await ClusterSilos.StartAsync(connectionString);
        Assert.Contains(told, restored.Log, StringComparison.Ordinal);

        await AreApartAsync(connectionString, restored, "beside");
        await using (ExternalClient client = await ClientAsync(connectionString, TimeSpan.FromSeconds(30)))
        {
            await client.Conversations.Get(Conversation).CommitAsync(Ledger.Turn("of the client"));
            Assert.Equal(["before", "of the copy beside", "of the client"], await TextsAsync(restored));
            Assert.Equal(["before", "of the original beside"], await TextsAsync(_production));
        }

        // Production starts again while the copy runs, and a second silo joins the copy.
        await _production.KillAsync();
        await _production.StartAgainAsync();
        await using SiloProcess second = await ClusterSilos.StartAsync(connectionString);
        Assert.Equal(2L, await ActiveAsync(connectionString));
        await AreApartAsync(connectionString, second, "again", 2);

        // What is deleted in the copy stays in the original.
        using HttpResponseMessage deleted = await restored.Http.DeleteAsync($"/v1/conversations/{Conversation}");
        deleted.EnsureSuccessStatusCode();
        Assert.Equal(["before", "of the original beside", "of the original again"], await TextsAsync(_production));
    }

    private async Task AreApartAsync(string connectionString, SiloProcess restored, string when, long silos = 1)
    {
        string[] original = await TextsAsync(_production);
        string[] copy = await TextsAsync(restored);
        await CommitAsync(_production, $"of the original {when}");
        await CommitAsync(restored, $"of the copy {when}");
        for (int i = 0; i < 8; i++)
        {
            // Each would be active on a silo of the other cluster half of the time.
            await CommitAsync(_production, $"{i}", $"original-{when}-{i}");
            await CommitAsync(restored, $"{i}", $"copy-{when}-{i}");
        }

        Assert.Equal(original.Append($"of the original {when}"), await TextsAsync(_production));
        Assert.Equal(copy.Append($"of the copy {when}"), await TextsAsync(restored));
        Assert.Equal(1L, await ActiveAsync(_original));
        Assert.Equal(silos, await ActiveAsync(connectionString));
        Assert.Equal(
            0L,
            await PostgresDatabase.ExecuteAsync(_original, "select count(*) from orleans_memory.conversation where name like 'copy-%'")
        );
        Assert.Equal(
            0L,
            await PostgresDatabase.ExecuteAsync(
                connectionString,
                "select count(*) from orleans_memory.conversation where name like 'original-%'"
            )
        );
    }

    private static Task<ExternalClient> ClientAsync(string connectionString, TimeSpan wait) =>
        ExternalClient.StartAsync(connectionString, gateways => gateways.ConnectTime = wait);

    private static async Task CommitAsync(SiloProcess silo, string text, string conversation = Conversation)
    {
        using HttpResponseMessage response = await silo.Http.PostAsJsonAsync(
            $"/v1/conversations/{conversation}/turns",
            new { turnId = text, messages = new[] { new { role = "user", content = text } } }
        );
        Assert.Equal(HttpStatusCode.Created, response.StatusCode);
    }

    private static async Task<string[]> TextsAsync(SiloProcess silo)
    {
        JsonElement page = await silo.Http.GetFromJsonAsync<JsonElement>($"/v1/conversations/{Conversation}/messages?role=user");
        return
        [
            .. page.GetProperty("messages")
                .EnumerateArray()
                .Select(message => message.GetProperty("contents")[0].GetProperty("text").GetString()!),
        ];
    }

    private static Task<object?> ActiveAsync(string connectionString) =>
        PostgresDatabase.ExecuteAsync(connectionString, "select count(*) from orleans_memory.orleans_member where status = 3");

    private protected async Task<LocalPostgresServer> StartServerAsync(string folder)
    {
        LocalPostgresServer server = await LocalPostgresServer.StartAsync(
            new LocalPostgresOptions
            {
                Folder = folder,
                Temporary = true,
                Syncs = false,
            },
            CancellationToken.None
        );
        _servers.Add(server);
        return server;
    }
}
