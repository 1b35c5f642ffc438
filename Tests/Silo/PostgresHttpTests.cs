using System.Net;
using System.Text.Json;
using OrleansMemory.Tests.Support;
using Xunit;

namespace OrleansMemory.Tests.Silo;

/// <summary>The whole way down to PostgreSQL, and across a restart of the silo.</summary>
public sealed class PostgresHttpTests : ExactTextHttpTests, IClassFixture<PostgresHttpTests.PostgresApp>
{
    private const string Turn = """
        {"turnId":"t","messages":[{"role":"user","content":"hi"},{"role":"assistant","content":"hello"}],"globals":{"g":1},"entries":[{"namespace":"s","key":"k","value":{"a":1}}]}
        """;

    private readonly PostgresApp _fixture;

    public PostgresHttpTests(PostgresApp fixture) => _fixture = fixture;

    protected override SiloApp App => _fixture.App;

    [Fact]
    public async Task What_was_acknowledged_is_there_after_a_restart()
    {
        await App.AskAsync(HttpStatusCode.Created, "POST", "restart/turns", Turn);
        await App.AskAsync(HttpStatusCode.Created, "POST", "restart/fork", """{"newId":"restart-fork","atSequence":1}""");
        string before = await MessagesAsync(App, "restart");

        await _fixture.RestartAsync();

        Assert.Equal(before, await MessagesAsync(App, "restart"));
        Assert.True((await App.AskAsync(HttpStatusCode.OK, "POST", "restart/turns", Turn)).GetProperty("replayed").GetBoolean());
        Assert.Equal(1, (await App.AskAsync(HttpStatusCode.OK, "GET", "restart-fork")).GetProperty("messageCount").GetInt64());
        Assert.Equal(
            """{"a":1}""",
            (await App.AskAsync(HttpStatusCode.OK, "GET", "restart-fork/entries/s/k")).GetProperty("value").GetRawText()
        );
        await App.AskAsync(HttpStatusCode.OK, "GET", "/health/ready");
    }

    [Fact]
    public async Task An_export_imported_is_the_same_conversation()
    {
        await App.AskAsync(HttpStatusCode.Created, "POST", "out/turns", Turn);
        JsonElement export = await App.AskAsync(HttpStatusCode.OK, "GET", "out/export");

        await App.AskAsync(HttpStatusCode.Created, "POST", "in/import", export.GetRawText());

        Assert.Equal(
            export.GetProperty("messages").GetRawText(),
            (await App.AskAsync(HttpStatusCode.OK, "GET", "in/export")).GetProperty("messages").GetRawText()
        );
    }

    private static async Task<string> MessagesAsync(SiloApp app, string id) =>
        (await app.AskAsync(HttpStatusCode.OK, "GET", $"{id}/messages")).GetRawText();

    public sealed class PostgresApp : IAsyncLifetime
    {
        private readonly PostgresDatabase _database = new();

        public SiloApp App { get; private set; } = null!;

        public async ValueTask InitializeAsync()
        {
            await _database.InitializeAsync();
            App = Make();
        }

        public async Task RestartAsync()
        {
            await App.DisposeAsync();
            App = Make();
        }

        public async ValueTask DisposeAsync()
        {
            await App.DisposeAsync();
            await _database.DisposeAsync();
        }

        private SiloApp Make() =>
            new SiloApp().With("OrleansMemory:Store:Kind", "Postgres").With("ConnectionStrings:Postgres", _database.ConnectionString);
    }
}
