using System.Net;
using System.Text.Json;
using OrleansMemory.Tests.Support;
using Xunit;

namespace OrleansMemory.Tests.Silo;

public sealed class ConversationRoutesTests(SharedSilo silo)
{
    private readonly SiloTenant _app = silo.NewTenant();

    [Fact]
    public async Task Put_creates_then_replaces()
    {
        const string Full =
            """{"userId":"u","agentId":"a","title":"T","metadata":{"k":[1,null]},"ttl":{"seconds":3600.5,"sliding":true}}""";
        using HttpResponseMessage created = await _app.SendAsync("PUT", "put", Full);
        Assert.Equal(HttpStatusCode.Created, created.StatusCode);
        Assert.Equal("/v1/conversations/put", created.Headers.Location!.ToString());

        JsonElement read = await _app.AskAsync(HttpStatusCode.OK, "GET", "put");
        Assert.Equal(await created.Content.ReadAsStringAsync(), read.GetRawText());
        Assert.Equal("""{"k":[1,null]}""", read.GetProperty("metadata").GetRawText());
        Assert.Equal("""{"seconds":3600.5,"sliding":true}""", read.GetProperty("ttl").GetRawText());
        Assert.Equal(
            TimeSpan.FromSeconds(3600.5),
            read.GetProperty("expiresAt").GetDateTimeOffset() - read.GetProperty("updatedAt").GetDateTimeOffset()
        );
        Assert.Equal((1, 0, 1, 0), Counters(read));

        JsonElement replaced = await _app.AskAsync(HttpStatusCode.OK, "PUT", "put", """{"title":"U"}""");
        Assert.Equal("U", replaced.GetProperty("title").GetString());
        Assert.Equal(JsonValueKind.Null, replaced.GetProperty("userId").ValueKind);
        Assert.Equal(JsonValueKind.Null, replaced.GetProperty("ttl").ValueKind);
        Assert.Equal(JsonValueKind.Null, replaced.GetProperty("expiresAt").ValueKind);
        Assert.Equal(2, replaced.GetProperty("version").GetInt64());
    }

    [Fact]
    public async Task Put_under_one_idempotency_key_writes_once()
    {
        await _app.AskAsync(HttpStatusCode.Created, "PUT", "idem", "{}", ("Idempotency-Key", "k"));
        JsonElement again = await _app.AskAsync(HttpStatusCode.OK, "PUT", "idem", "{}", ("Idempotency-Key", "k"));

        Assert.Equal(1, again.GetProperty("version").GetInt64());
        JsonElement problem = await _app.RefuseAsync(
            HttpStatusCode.Conflict,
            "turn-conflict",
            "PUT",
            "idem",
            """{"title":"x"}""",
            ("Idempotency-Key", "k")
        );
        Assert.Equal(("k", 1), (problem.GetProperty("turnId").GetString(), problem.GetProperty("committedVersion").GetInt64()));
    }

    [Fact]
    public async Task Delete_says_what_it_removed_and_leaves_nothing()
    {
        await _app.AskAsync(
            HttpStatusCode.Created,
            "POST",
            "del/turns",
            """{"turnId":"t","messages":[{"role":"user","content":"hi"}],"globals":{"a":1,"b":2}}"""
        );

        JsonElement receipt = await _app.AskAsync(HttpStatusCode.OK, "DELETE", "del");

        Assert.Equal("""{"messages":1,"entries":2,"turns":1,"forksCut":0}""", receipt.GetRawText());
        await _app.RefuseAsync(HttpStatusCode.NotFound, "conversation-not-found", "GET", "del");
        await _app.RefuseAsync(HttpStatusCode.NotFound, "conversation-not-found", "DELETE", "del");
    }

    [Fact]
    public async Task Fork_shares_messages_up_to_a_sequence()
    {
        await _app.AskAsync(
            HttpStatusCode.Created,
            "POST",
            "trunk/messages",
            """[{"role":"user","content":"1"},{"role":"user","content":"2"}]"""
        );

        using HttpResponseMessage response = await _app.SendAsync("POST", "trunk/fork", """{"newId":"branch","atSequence":1}""");
        JsonElement branch = JsonDocument.Parse(await response.Content.ReadAsStringAsync()).RootElement;

        Assert.Equal(HttpStatusCode.Created, response.StatusCode);
        Assert.Equal("/v1/conversations/branch", response.Headers.Location!.ToString());
        Assert.Equal("""{"id":"trunk","sequence":1}""", branch.GetProperty("origin").GetRawText());
        Assert.Equal((1, 1, 1, 1), Counters(branch));
        await _app.AskAsync(HttpStatusCode.Created, "POST", "trunk/fork", """{"newId":"branch","atSequence":1}""");
        await _app.RefuseAsync(
            HttpStatusCode.Conflict,
            "conversation-exists",
            "POST",
            "trunk/fork",
            """{"newId":"branch","atSequence":2}"""
        );
        JsonElement whole = await _app.AskAsync(HttpStatusCode.Created, "POST", "trunk/fork", """{"newId":"twig"}""");
        Assert.Equal(2, whole.GetProperty("messageCount").GetInt64());
    }

    [Theory]
    [InlineData("{}", "newId")]
    [InlineData("""{"newId":"a/b"}""", "newId")]
    [InlineData("""{"newId":"forkbad"}""", "newId")]
    [InlineData("""{"newId":"x","atSequence":2}""", "atSequence")]
    [InlineData("""{"newId":"x","atSequence":-1}""", "atSequence")]
    [InlineData("""{"newId":"x","atSequence":"1"}""", "atSequence")]
    [InlineData("""{"newId":"x","at":1}""", "at")]
    public async Task Fork_refuses_what_it_cannot_do(string body, string parameter)
    {
        using HttpResponseMessage any = await _app.SendAsync(
            "POST",
            "forkbad/messages",
            """{"role":"user","content":"1"}""",
            ("Idempotency-Key", "once")
        );

        JsonElement problem = await _app.RefuseAsync(HttpStatusCode.BadRequest, "invalid-request", "POST", "forkbad/fork", body);

        Assert.Equal(parameter, problem.GetProperty("parameter").GetString());
    }

    private static (long Version, long Count, long First, long Last) Counters(JsonElement conversation) =>
        (
            conversation.GetProperty("version").GetInt64(),
            conversation.GetProperty("messageCount").GetInt64(),
            conversation.GetProperty("firstSequence").GetInt64(),
            conversation.GetProperty("lastSequence").GetInt64()
        );
}
