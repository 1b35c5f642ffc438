using System.Net;
using System.Net.Http.Json;
using OrleansMemory.Tests.Silo.Start;
using OrleansMemory.Tests.Storage.Roles;
using OrleansMemory.Tests.Support;
using Xunit;

namespace OrleansMemory.Tests.Silo;

/// <summary>The silo's program as an account that may change no table, with row security on.</summary>
public sealed class RestrictedSiloTests(RestrictedDatabase database) : IClassFixture<RestrictedDatabase>
{
    [Fact]
    public async Task It_serves_every_kind_of_request_after_the_owner_has_migrated()
    {
        (string Name, string Value)[] settings =
        [
            ("ConnectionStrings:Postgres", database.As(database.Running)),
            ("OrleansMemory:Postgres:ReadingRole", database.Reader),
            ("OrleansMemory:Cluster:Membership", "Postgres"),
            ("OrleansMemory:Cluster:AdvertisedAddress", "127.0.0.1"),
        ];
        await using (SiloRun early = SiloRun.Start(settings))
        {
            Assert.Equal(1, await early.EndAsync());
            Assert.Contains(
                "Name the schema's owner in ConnectionStrings:PostgresMigration, or run the silo once as the owner with --migrate",
                Assert.Single(early.Errors),
                StringComparison.Ordinal
            );
        }

        await using (
            SiloRun migration = SiloRun.Start(
                ["--migrate"],
                [.. settings, ("ConnectionStrings:PostgresMigration", database.As(database.Owner))]
            )
        )
        {
            Assert.Equal(0, await migration.EndAsync());
        }

        await using SiloProcess silo = await SiloProcess.StartAsync(database.As(database.Running), settings);
        HttpClient http = silo.Http;
        await ExpectAsync(
            HttpStatusCode.Created,
            http.PutAsJsonAsync("/v1/conversations/c", new { userId = "ada", metadata = new { team = "blue" } })
        );
        await ExpectAsync(
            HttpStatusCode.Created,
            http.PostAsJsonAsync("/v1/conversations/c/messages", new { role = "user", content = "green tea" })
        );
        await ExpectAsync(HttpStatusCode.OK, http.PatchAsJsonAsync("/v1/conversations/c/globals", new { name = "Ada" }));
        await ExpectAsync(HttpStatusCode.Created, http.PostAsJsonAsync("/v1/conversations/c/fork", new { newId = "f" }));
        await ExpectAsync(
            HttpStatusCode.Created,
            http.PostAsJsonAsync("/v1/memories", new { user = "ada", contents = new[] { "She likes green tea." } })
        );
        Assert.Contains("\"f\"", await http.GetStringAsync("/v1/conversations?userId=ada"), StringComparison.Ordinal);
        Assert.Contains("\"c\"", await http.GetStringAsync("/v1/conversations?metadata.team=blue"), StringComparison.Ordinal);
        Assert.Contains("green tea", await http.GetStringAsync("/v1/conversations/f/messages"), StringComparison.Ordinal);
        Assert.Contains("green", await http.GetStringAsync("/v1/search?q=tea&userId=ada"), StringComparison.Ordinal);
        Assert.Contains("green tea", await http.GetStringAsync("/v1/conversations/c/export"), StringComparison.Ordinal);
        Assert.Contains("likes", await http.GetStringAsync("/v1/memories?user=ada"), StringComparison.Ordinal);
        await ExpectAsync(HttpStatusCode.OK, http.PostAsJsonAsync("/v1/memories/search", new { user = "ada", query = "tea" }));
        await ExpectAsync(HttpStatusCode.OK, http.DeleteAsync("/v1/users/ada"));
        Assert.DoesNotContain("\"c\"", await http.GetStringAsync("/v1/conversations?userId=ada"), StringComparison.Ordinal);
        Assert.Equal(0, await silo.StopAsync());
        Assert.DoesNotContain("42501", silo.Log, StringComparison.Ordinal);
    }

    private static async Task ExpectAsync(HttpStatusCode status, Task<HttpResponseMessage> sending)
    {
        using HttpResponseMessage response = await sending;
        Assert.True(status == response.StatusCode, $"{response.StatusCode}: {await response.Content.ReadAsStringAsync()}");
    }
}
