using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using OrleansMemory.Tests.Support;
using Xunit;

namespace OrleansMemory.Tests.Silo.Start;

public sealed class StartTests(PostgresDatabase database) : IClassFixture<PostgresDatabase>
{
    [Fact]
    public async Task From_any_folder_the_banner_is_last_queries_are_not_logged_and_a_stop_warns_of_nothing()
    {
        await using SiloRun silo = SiloRun.Start(
            ("ConnectionStrings:Postgres", database.ConnectionString),
            ("Logging:LogLevel:Default", "Trace")
        );
        await silo.ReadyAsync();
        IReadOnlyList<string> started = silo.Lines;
        CancellationToken cancelled = TestContext.Current.CancellationToken;
        using var http = new HttpClient { BaseAddress = silo.Address };
        using HttpResponseMessage turn = await http.PostAsJsonAsync(
            "/v1/conversations/c/turns",
            new { turnId = "t", messages = new[] { new { role = "user", content = "x" } } },
            cancelled
        );
        using HttpResponseMessage found = await http.GetAsync("/v1/conversations/c/search?q=very-secret", cancelled);

        Assert.Equal(HttpStatusCode.Created, turn.StatusCode);
        Assert.Equal(HttpStatusCode.OK, found.StatusCode);
        Assert.Equal(0, await silo.StopAsync());
        string[] banner =
        [
            "serves " + silo.Address.ToString().TrimEnd('/'),
            "  store:   PostgreSQL",
            "  members: this silo alone",
            "  access:  this machine only",
        ];
        Assert.All(started.TakeLast(4).Zip(banner), pair => Assert.Contains(pair.Second, pair.First, StringComparison.Ordinal));
        Assert.DoesNotContain(silo.Lines, line => line.Contains("very-secret", StringComparison.Ordinal));

        IEnumerable<string> stop = silo.Lines.SkipWhile(line => !line.Contains(" Stopping: ", StringComparison.Ordinal));
        Assert.NotEmpty(stop);
        Assert.DoesNotContain(
            stop,
            line => line.Contains(" warn: ", StringComparison.Ordinal) || line.Contains(" fail: ", StringComparison.Ordinal)
        );
        Assert.True(started.Count < 40, string.Join('\n', started));
        Assert.Empty(silo.Errors);
    }

    [Theory]
    [InlineData("DOTNET_RUNNING_IN_CONTAINER", "true")]
    [InlineData("Logging:Console:FormatterName", "json")]
    public async Task In_a_container_or_when_asked_for_lines_are_json(string setting, string value)
    {
        await using SiloRun silo = SiloRun.Start(("OrleansMemory:Store:Kind", "Memory"), (setting, value));
        await silo.ReadyAsync();

        Assert.All(silo.Lines, line => Assert.Equal(JsonValueKind.Object, JsonDocument.Parse(line).RootElement.ValueKind));
    }

    [Fact]
    public async Task A_setting_that_nothing_reads_is_warned_of_by_name()
    {
        await using SiloRun silo = SiloRun.Start(("OrleansMemory:Store:Kind", "Memory"), ("OrleansMemory:Http:MaxRequestByte", "5"));
        await silo.ReadyAsync();

        Assert.All(silo.Lines.TakeLast(4), line => Assert.Contains(" OrleansMemory[210", line, StringComparison.Ordinal));
        Assert.Single(
            silo.Lines,
            line =>
                line.Contains(
                    "Nothing reads the setting OrleansMemory:Http:MaxRequestByte. Did you mean OrleansMemory:Http:MaxRequestBytes?",
                    StringComparison.Ordinal
                )
        );
    }
}
