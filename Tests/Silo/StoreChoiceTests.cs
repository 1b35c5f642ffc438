using System.Net;
using Microsoft.Extensions.Configuration;
using OrleansMemory.Conversations;
using OrleansMemory.Grains.Hosting;
using OrleansMemory.Silo.Hosting;
using OrleansMemory.Silo.LocalPostgres;
using OrleansMemory.Tests.Support;
using Xunit;

namespace OrleansMemory.Tests.Silo;

public sealed class StoreChoiceTests : IDisposable
{
    private readonly string _folder = Path.Combine(Path.GetTempPath(), $"orleans-memory-choice-{Guid.NewGuid():N}");

    public void Dispose()
    {
        if (Directory.Exists(_folder))
        {
            Directory.Delete(_folder, recursive: true);
        }
    }

    [Fact]
    public async Task A_connection_string_comes_first_and_is_not_told()
    {
        await using StoreChoice choice = await MakeAsync(
            ("ConnectionStrings:Postgres", "Host=db;Password=secret"),
            ("OrleansMemory:Store:DataFolder", _folder)
        );

        Assert.Equal("PostgreSQL (ConnectionStrings:Postgres)", choice.Description);
        Assert.False(Directory.Exists(_folder));
    }

    [Fact]
    public async Task Memory_is_used_when_it_is_asked_for()
    {
        await using StoreChoice choice = await MakeAsync(("ConnectionStrings:Postgres", "Host=db"), ("OrleansMemory:Store:Kind", "Memory"));

        Assert.Equal("memory, which is forgotten at the end", choice.Description);
    }

    [Fact]
    public async Task Otherwise_a_private_server_keeps_conversations_across_restarts()
    {
        for (int version = 1; version <= 2; version++)
        {
            await using StoreChoice choice = await MakeAsync(("OrleansMemory:Store:DataFolder", _folder));
            await using GrainHost host = await GrainHost.StartAsync(silo =>
                choice.UseIn(silo.AddOrleansMemory(), new ConfigurationBuilder().Build())
            );

            TurnReceipt receipt = await host.Conversation("kept").CommitAsync(Messages.Turn($"t{version}", Messages.User("kept")));

            Assert.Equal("private PostgreSQL in " + _folder, choice.Description);
            Assert.Equal(version, receipt.Version);
        }
    }

    [Fact]
    public async Task A_folder_in_use_ends_the_start_rather_than_forgetting_everything()
    {
        await using StoreChoice first = await MakeAsync(("OrleansMemory:Store:DataFolder", _folder));

        await Assert.ThrowsAsync<LocalPostgresException>(() => MakeAsync(("OrleansMemory:Store:DataFolder", _folder)));
    }

    [Fact]
    public async Task The_banner_says_version_store_members_and_access()
    {
        var lines = new LogLines();
        await using SiloApp app = new SiloApp().WithLogs(lines);
        await app.AskAsync(HttpStatusCode.OK, "GET", "/health/live");

        Assert.Single(
            lines.Lines,
            line => line.StartsWith("OrleansMemory 0.", StringComparison.Ordinal) && line.Contains(" serves ", StringComparison.Ordinal)
        );
        Assert.Single(lines.Lines, line => line.StartsWith("  store:   memory", StringComparison.Ordinal));
        Assert.Single(lines.Lines, line => line == "  members: " + HostSetup.Describe(app.Services));
        Assert.Single(lines.Lines, line => line.StartsWith("  access:  this machine only", StringComparison.Ordinal));
        Assert.Contains(lines.Lines, line => line.Contains("kept in memory only", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Nothing_that_was_said_is_logged_at_any_level()
    {
        var lines = new LogLines();
        await using SiloApp app = new SiloApp()
            .With("Logging:LogLevel:Default", "Debug")
            .With("Logging:LogLevel:OrleansMemory", "Trace")
            .WithLogs(lines);

        await app.AskAsync(
            HttpStatusCode.Created,
            "POST",
            "c/turns",
            """{"turnId":"secret-1","messages":[{"role":"user","content":"secret-2"}],"globals":{"secret-3":"secret-4"}}"""
        );
        await app.AskAsync(HttpStatusCode.OK, "PUT", "c/entries/n/k", "\"secret-5\"");
        await app.RefuseAsync(HttpStatusCode.BadRequest, "malformed-json", "POST", "c/turns", "{\"secret-6\"");
        await app.RefuseAsync(
            HttpStatusCode.BadRequest,
            "invalid-request",
            "POST",
            "c/turns",
            """{"messages":[{"role":"secret-7","content":"x"}]}"""
        );

        Assert.NotEmpty(lines.Lines);
        Assert.DoesNotContain(lines.Lines, line => line.Contains("secret", StringComparison.Ordinal));
    }

    private static async Task<StoreChoice> MakeAsync(params (string Name, string Value)[] settings)
    {
        StoreChoice choice = StoreChoice.Begin(
            new ConfigurationBuilder()
                .AddInMemoryCollection(settings.Select(pair => KeyValuePair.Create(pair.Name, (string?)pair.Value)))
                .Build()
        );
        try
        {
            await choice.ReadyAsync();
            return choice;
        }
        catch
        {
            await choice.DisposeAsync();
            throw;
        }
    }
}
