using System.Net;
using System.Text.Json;
using OrleansMemory.Tests.Support;
using Xunit;

namespace OrleansMemory.Tests.Silo.OpenAi;

/// <summary>Keys, roles and limits, as OpenAI's clients are told of them.</summary>
public sealed class OpenAiAccessTests(OpenAiAccessTests.App app) : IClassFixture<OpenAiAccessTests.App>
{
    private const string Invalid = "invalid_request_error";

    [Fact]
    public async Task Without_a_key_and_with_an_unknown_one_the_answer_is_401()
    {
        await app.Http.RefuseOpenAiAsync(HttpStatusCode.Unauthorized, Invalid, "key-missing", "POST", "", "{}");
        (_, string message) = await app.Http.RefuseOpenAiAsync(
            HttpStatusCode.Unauthorized,
            Invalid,
            "invalid_api_key",
            "POST",
            "",
            "{}",
            Key("unknown")
        );
        Assert.DoesNotContain("unknown-key", message, StringComparison.Ordinal);
        await app.Http.RefuseOpenAiAsync(HttpStatusCode.Unauthorized, Invalid, "invalid_api_key", "GET", "/any", null, Key("expired"));
        using HttpResponseMessage response = await app.Http.SendAsync("GET", OpenAiRequests.Root + "/any", null, Key("unknown"));
        Assert.Equal("Bearer", response.Headers.WwwAuthenticate.ToString());
        await app.RefuseAsync(HttpStatusCode.Forbidden, "key-unknown", "GET", "any", null, Key("unknown"));
    }

    [Fact]
    public async Task A_reader_reads_and_does_not_write()
    {
        JsonElement created = await app.AskAsync(HttpStatusCode.OK, "POST", OpenAiRequests.Root, "{}", Key("writer"));
        string path = $"{OpenAiRequests.Root}/{created.GetProperty("id").GetString()}";

        await app.AskAsync(HttpStatusCode.OK, "GET", path + "/items", null, Key("reader"));
        await app.Http.RefuseOpenAiAsync(
            HttpStatusCode.Forbidden,
            Invalid,
            "role-too-low",
            "POST",
            path + "/items",
            """{"items":[{"role":"user","content":"x"}]}""",
            Key("reader")
        );
        await app.Http.RefuseOpenAiAsync(HttpStatusCode.Forbidden, Invalid, "role-too-low", "DELETE", path, null, Key("reader"));
    }

    [Fact]
    public async Task A_key_of_a_user_begins_that_users_conversations()
    {
        JsonElement created = await app.AskAsync(HttpStatusCode.OK, "POST", OpenAiRequests.Root, "{}", Key("ada"));
        string id = created.GetProperty("id").GetString()!;

        Assert.Equal("ada", (await app.AskAsync(HttpStatusCode.OK, "GET", id, null, Key("writer"))).GetProperty("userId").GetString());
        await app.Http.RefuseOpenAiAsync(HttpStatusCode.NotFound, Invalid, "conversation-not-found", "GET", $"/{id}", null, Key("bob"));
        await app.Http.RefuseOpenAiAsync(
            HttpStatusCode.Forbidden,
            Invalid,
            "user-not-allowed",
            "POST",
            "",
            "{}",
            Key("bob"),
            ("OrleansMemory-User", "ada")
        );

        // Another user's key of the same name makes another conversation.
        JsonElement[] same =
        [
            await app.AskAsync(HttpStatusCode.OK, "POST", OpenAiRequests.Root, "{}", Key("ada"), ("Idempotency-Key", "k")),
            await app.AskAsync(HttpStatusCode.OK, "POST", OpenAiRequests.Root, "{}", Key("bob"), ("Idempotency-Key", "k")),
        ];
        Assert.NotEqual(same[0].GetProperty("id").GetString(), same[1].GetProperty("id").GetString());
    }

    [Fact]
    public async Task A_deletion_is_in_the_audit_trail()
    {
        JsonElement created = await app.AskAsync(HttpStatusCode.OK, "POST", OpenAiRequests.Root, "{}", Key("writer"));
        await app.AskAsync(
            HttpStatusCode.OK,
            "DELETE",
            $"{OpenAiRequests.Root}/{created.GetProperty("id").GetString()}",
            null,
            Key("writer")
        );

        JsonElement audit = await app.AskAsync(HttpStatusCode.OK, "GET", "/v1/audit", null, Key("admin"));

        Assert.Contains("Writer", audit.GetRawText(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Limits_are_told_by_the_item_and_waiting_is_asked_for_where_it_helps()
    {
        JsonElement created = await app.AskAsync(HttpStatusCode.OK, "POST", OpenAiRequests.Root, "{}", Key("writer"));
        string path = $"{OpenAiRequests.Root}/{created.GetProperty("id").GetString()}/items";
        (string? parameter, _) = await app.Http.RefuseOpenAiAsync(
            HttpStatusCode.RequestEntityTooLarge,
            Invalid,
            "payload-too-large",
            "POST",
            path,
            $$"""{"items":[{"role":"user","content":"x"},{"role":"user","content":"{{new string('x', 3_000)}}"}]}""",
            Key("writer")
        );
        Assert.Equal("items[1]", parameter);

        HttpStatusCode last = HttpStatusCode.OK;
        for (int i = 0; i < 20 && last == HttpStatusCode.OK; i++)
        {
            using HttpResponseMessage response = await app.Http.SendAsync("GET", path, null, Key("slow"));
            last = response.StatusCode == HttpStatusCode.NotFound ? HttpStatusCode.OK : response.StatusCode;
            if (last == HttpStatusCode.TooManyRequests)
            {
                JsonElement error = JsonDocument.Parse(await response.Content.ReadAsStringAsync()).RootElement.GetProperty("error");
                Assert.Equal(
                    ("requests", "rate_limit_exceeded"),
                    (error.GetProperty("type").GetString(), error.GetProperty("code").GetString())
                );
                Assert.NotNull(response.Headers.RetryAfter);
                Assert.False(response.Headers.Contains("x-should-retry"));
            }
        }

        Assert.Equal(HttpStatusCode.TooManyRequests, last);
    }

    [Fact]
    public async Task An_item_is_not_deleted_where_more_is_left_than_a_turn_may_write()
    {
        JsonElement created = await app.AskAsync(HttpStatusCode.OK, "POST", OpenAiRequests.Root, "{}", Key("writer"));
        string path = $"{OpenAiRequests.Root}/{created.GetProperty("id").GetString()}/items";
        for (int turn = 0; turn < 2; turn++)
        {
            await app.AskAsync(
                HttpStatusCode.OK,
                "POST",
                path,
                $$"""{"items":[{{string.Join(',', Enumerable.Range(turn * 20, 20).Select(i => $$"""{"id":"i{{i}}","role":"user","content":"x"}"""))}}]}""",
                Key("writer")
            );
        }

        (_, string message) = await app.Http.RefuseOpenAiAsync(
            HttpStatusCode.RequestEntityTooLarge,
            Invalid,
            "payload-too-large",
            "DELETE",
            path + "/i7",
            null,
            Key("writer")
        );

        Assert.Contains("39 messages", message, StringComparison.Ordinal);
        await app.AskAsync(HttpStatusCode.OK, "GET", path + "/i7", null, Key("writer"));
        await app.AskAsync(HttpStatusCode.OK, "DELETE", path + "/i0", null, Key("writer"));
    }

    private static (string, string) Key(string name) => ("Authorization", "Bearer " + App.KeyOf(name));

    public sealed class App : SiloApp
    {
        public App()
        {
            Add(0, "writer", "Writer");
            Add(1, "reader", "Reader");
            Add(2, "admin", "TenantAdministrator");
            Add(3, "ada", "Writer").With("OrleansMemory:ApiKeys:3:User", "ada");
            Add(4, "bob", "Writer").With("OrleansMemory:ApiKeys:4:User", "bob");
            Add(5, "expired", "Writer").With("OrleansMemory:ApiKeys:5:ExpiresAt", "2020-01-01T00:00:00Z");
            Add(6, "slow", "Writer").With("OrleansMemory:ApiKeys:6:Tenant", "slow");
            With("OrleansMemory:Http:TenantRequestsPerSecond:slow", "1");
            With("OrleansMemory:Conversations:MaxMessageBytes", "2048").With("OrleansMemory:Conversations:MaxTurnMessages", "30");
        }

        public static string KeyOf(string name) => $"{name}-key-0123456789";

        private SiloApp Add(int index, string name, string role) =>
            With($"OrleansMemory:ApiKeys:{index}:Key", KeyOf(name))
                .With($"OrleansMemory:ApiKeys:{index}:Tenant", "t")
                .With($"OrleansMemory:ApiKeys:{index}:Role", role);
    }
}
