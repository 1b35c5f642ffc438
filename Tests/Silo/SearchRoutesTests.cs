using System.Net;
using System.Text.Json;
using OrleansMemory.Tests.Support;
using Xunit;

namespace OrleansMemory.Tests.Silo;

public sealed class SearchRoutesTests(SharedSilo silo)
{
    private readonly SiloTenant _app = silo.NewTenant();

    [Fact]
    public async Task Messages_of_a_conversation_are_found_page_by_page()
    {
        await _app.AskAsync(
            HttpStatusCode.Created,
            "POST",
            "s1/messages",
            """[{"role":"user","content":"Book a <b>flight</b>"},{"role":"assistant","content":"No"},{"role":"user","content":"東京 flights"}]"""
        );

        JsonElement first = await _app.AskAsync(HttpStatusCode.OK, "GET", "s1/search?q=flight&limit=1");
        JsonElement second = await _app.AskAsync(
            HttpStatusCode.OK,
            "GET",
            $"s1/search?q=flight&limit=1&cursor={first.GetProperty("next").GetString()}"
        );

        JsonElement hit = Assert.Single(first.GetProperty("hits").EnumerateArray());
        Assert.Equal(
            ("s1", 3),
            (hit.GetProperty("conversationId").GetString(), hit.GetProperty("message").GetProperty("sequence").GetInt64())
        );
        hit = Assert.Single(second.GetProperty("hits").EnumerateArray());
        Assert.Equal("Book a <b>flight</b>", hit.GetProperty("excerpt").GetProperty("text").GetString());
        Assert.Equal("""[{"start":10,"length":6}]""", hit.GetProperty("excerpt").GetProperty("matches").GetRawText());
        Assert.Equal("user", hit.GetProperty("message").GetProperty("role").GetString());
        Assert.Equal(JsonValueKind.Null, second.GetProperty("next").ValueKind);
        JsonElement found = await _app.AskAsync(HttpStatusCode.OK, "GET", "s1/search?q=" + Uri.EscapeDataString("京 OR \"a b\""));
        Assert.Equal(2, found.GetProperty("hits").GetArrayLength());
    }

    [Fact]
    public async Task Messages_of_a_user_are_found_in_all_conversations()
    {
        foreach (string id in new[] { "u1", "u2" })
        {
            await _app.AskAsync(HttpStatusCode.Created, "PUT", id, """{"userId":"ada & co"}""");
            await _app.AskAsync(HttpStatusCode.Created, "POST", id + "/messages", $$"""{"role":"user","content":"needle of {{id}}"}""");
        }

        JsonElement found = await _app.AskAsync(HttpStatusCode.OK, "GET", "/v1/search?q=needle&userId=" + Uri.EscapeDataString("ada & co"));

        Assert.Equal(
            ["u1", "u2"],
            found
                .GetProperty("hits")
                .EnumerateArray()
                .Select(hit => hit.GetProperty("conversationId").GetString())
                .Order(StringComparer.Ordinal)
        );
        Assert.Equal(
            """{"hits":[],"next":null}""",
            (await _app.AskAsync(HttpStatusCode.OK, "GET", "/v1/search?q=needle&userId=nobody")).GetRawText()
        );
    }

    [Theory]
    [InlineData("s2/search", "q")]
    [InlineData("s2/search?q=", "q")]
    [InlineData("s2/search?q=-no", "q")]
    [InlineData("s2/search?q=!", "q")]
    [InlineData("s2/search?q=a&q=b", "q")]
    [InlineData("s2/search?q=a&limit=0", "limit")]
    [InlineData("s2/search?q=a&limit=101", "limit")]
    [InlineData("s2/search?q=a&limit=x", "limit")]
    [InlineData("s2/search?q=a&cursor=abc", "cursor")]
    [InlineData("s2/search?q=a&userId=u", "userId")]
    [InlineData("s2/search?q=a&page=2", "page")]
    [InlineData("/v1/search?q=a", "userId")]
    [InlineData("/v1/search?q=a&userId=", "userId")]
    [InlineData("/v1/search?userId=u", "q")]
    [InlineData("/v1/search?q=a&userId=u&agentId=b", "agentId")]
    public async Task Search_refuses_what_it_cannot_do(string path, string parameter)
    {
        JsonElement problem = await _app.RefuseAsync(HttpStatusCode.BadRequest, "invalid-request", "GET", path);
        Assert.Equal(parameter, problem.GetProperty("parameter").GetString());
        Assert.DoesNotContain("text must", problem.GetProperty("detail").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Unknown_conversation_is_not_found() =>
        await _app.RefuseAsync(HttpStatusCode.NotFound, "conversation-not-found", "GET", "nowhere/search?q=a");

    [Fact]
    public async Task Tenants_do_not_find_each_others_messages()
    {
        SiloTenant other = silo.NewTenant();
        await _app.AskAsync(HttpStatusCode.Created, "PUT", "c", """{"userId":"u"}""");
        await _app.AskAsync(HttpStatusCode.Created, "POST", "c/messages", """{"role":"user","content":"needle"}""");

        Assert.Equal(
            1,
            (await _app.AskAsync(HttpStatusCode.OK, "GET", "/v1/search?q=needle&userId=u")).GetProperty("hits").GetArrayLength()
        );
        Assert.Equal(
            0,
            (await other.AskAsync(HttpStatusCode.OK, "GET", "/v1/search?q=needle&userId=u")).GetProperty("hits").GetArrayLength()
        );
        await other.RefuseAsync(HttpStatusCode.NotFound, "conversation-not-found", "GET", "c/search?q=needle");
        await _app.RefuseAsync(
            HttpStatusCode.Unauthorized,
            "key-missing",
            "GET",
            "/v1/search?q=needle&userId=u",
            null,
            ("Authorization", "Bearer")
        );
    }
}
