using System.Net;
using System.Text.Json;
using OrleansMemory.Tests.Support;
using Xunit;

namespace OrleansMemory.Tests.Silo;

/// <summary>
/// Over HTTP, too, what was deleted or erased does not come back, and deleting leaves forks whole unless they are to be cut.
/// </summary>
public sealed class GoneRoutesTests(SharedSilo silo)
{
    [Theory]
    [InlineData("POST", "c/turns", """{"turnId":"t","messages":[{"role":"user","content":"secret"}]}""")]
    [InlineData("POST", "c/turns", """{"turnId":"t","mustExist":true,"messages":[{"role":"user","content":"secret"}]}""")]
    [InlineData("POST", "c/messages", """{"role":"user","content":"secret"}""")]
    [InlineData("PUT", "c", """{"userId":"u"}""")]
    [InlineData("PUT", "c/entries/s/k", "\"secret\"")]
    [InlineData("PATCH", "c/globals", """{"k":"secret"}""")]
    [InlineData("PUT", "c/working-memory/WORKING_MEMORY", """{"workingMemory":"secret"}""")]
    public async Task What_is_sent_again_after_an_erasure_is_gone(string method, string path, string body)
    {
        SiloTenant app = silo.NewTenant();
        await app.AskAsync(HttpStatusCode.Created, "PUT", "c", """{"userId":"u"}""", ("Idempotency-Key", "begins"));
        (string, string)[] key = path.EndsWith("turns", StringComparison.Ordinal) ? [] : [("Idempotency-Key", "t")];
        using (HttpResponseMessage first = await app.SendAsync(method, path, body, key))
        {
            Assert.True(first.IsSuccessStatusCode, $"{first.StatusCode}");
        }

        await app.AskAsync(HttpStatusCode.OK, "DELETE", "/v1/users/u");
        JsonElement problem = await app.RefuseAsync(HttpStatusCode.Gone, "gone", method, path, body, key);

        Assert.Equal("t", problem.GetProperty("id").GetString());
        await app.RefuseAsync(HttpStatusCode.NotFound, "conversation-not-found", "GET", "c");
    }

    [Fact]
    public async Task A_recording_that_is_sent_again_after_an_erasure_is_gone()
    {
        SiloTenant app = silo.NewTenant();
        const string Body = """{"user":"u","contents":["likes tea"]}""";
        await app.AskAsync(HttpStatusCode.Created, "POST", "/v1/memories", Body, ("Idempotency-Key", "r"));
        await app.AskAsync(HttpStatusCode.OK, "DELETE", "/v1/users/u");

        JsonElement problem = await app.RefuseAsync(HttpStatusCode.Gone, "gone", "POST", "/v1/memories", Body, ("Idempotency-Key", "r"));

        Assert.Equal("r", problem.GetProperty("id").GetString());
        JsonElement found = await app.AskAsync(HttpStatusCode.OK, "POST", "/v1/memories/search", """{"user":"u","query":"tea"}""");
        Assert.DoesNotContain("likes tea", found.GetRawText(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Deleting_keeps_forks_whole_or_cuts_them()
    {
        SiloTenant app = silo.NewTenant();
        await app.AskAsync(
            HttpStatusCode.Created,
            "POST",
            "c/messages",
            """[{"role":"user","content":"one"},{"role":"user","content":"two"}]"""
        );
        await app.AskAsync(HttpStatusCode.OK, "PUT", "c/entries/s/k", "1");
        await app.AskAsync(HttpStatusCode.Created, "POST", "c/fork", """{"newId":"kept"}""");
        await app.RefuseAsync(HttpStatusCode.BadRequest, "invalid-request", "DELETE", "c?forks=all");

        JsonElement deleted = await app.AskAsync(HttpStatusCode.OK, "DELETE", "c?forks=keep");
        Assert.Equal(0, deleted.GetProperty("forksCut").GetInt32());
        Assert.Equal(2, (await app.AskAsync(HttpStatusCode.OK, "GET", "kept")).GetProperty("messageCount").GetInt32());
        await app.AskAsync(HttpStatusCode.OK, "GET", "kept/entries/s/k");

        await app.AskAsync(HttpStatusCode.Created, "POST", "kept/fork", """{"newId":"cut"}""");
        deleted = await app.AskAsync(HttpStatusCode.OK, "DELETE", "kept?forks=cut");
        Assert.Equal(1, deleted.GetProperty("forksCut").GetInt32());
        Assert.Equal(0, (await app.AskAsync(HttpStatusCode.OK, "GET", "cut")).GetProperty("messageCount").GetInt32());
        await app.RefuseAsync(HttpStatusCode.NotFound, "entry-not-found", "GET", "cut/entries/s/k");
    }
}
