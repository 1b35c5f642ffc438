using System.Net;
using System.Text.Json;
using OrleansMemory.Tests.Support;
using Xunit;

namespace OrleansMemory.Tests.Silo;

public sealed class ListRoutesTests(ClockedSilo silo) : IClassFixture<ClockedSilo>
{
    private const string List = "/v1/conversations";

    private readonly SiloTenant _app = silo.NewTenant();
    private readonly SiloTenant _other = silo.NewTenant();

    [Fact]
    public async Task Conversations_are_listed_newest_first_as_they_are_read_alone()
    {
        await PutAsync("one", """{"userId":"ada","title":"1","metadata":{"team":"blue"}}""");
        await PutAsync("two", "{}");

        JsonElement page = await GetAsync("");

        Assert.Equal(["two", "one"], Ids(page));
        Assert.Equal(JsonValueKind.Null, page.GetProperty("next").ValueKind);
        JsonElement alone = await _app.AskAsync(HttpStatusCode.OK, "GET", "one");
        Assert.Equal(alone.GetRawText(), page.GetProperty("conversations")[1].GetRawText());
    }

    [Fact]
    public async Task Forks_of_a_conversation_are_listed_page_by_page()
    {
        await PutAsync("root", "{}");
        foreach (string fork in (string[])["a", "b", "c"])
        {
            await _app.AskAsync(HttpStatusCode.Created, "POST", "root/fork", $$"""{"newId":"{{fork}}"}""");
        }

        await _app.AskAsync(HttpStatusCode.Created, "POST", "a/fork", """{"newId":"aa"}""");
        JsonElement first = await GetAsync("?forkOf=root&limit=2");
        string cursor = first.GetProperty("next").GetString()!;

        Assert.Equal(
            ["a", "b", "c"],
            Ids(first).Concat(Ids(await GetAsync($"?forkOf=root&limit=2&cursor={cursor}"))).Order(StringComparer.Ordinal)
        );
        Assert.Equal(["aa"], Ids(await GetAsync("?forkOf=a")));
        Assert.Empty(Ids(await GetAsync("?forkOf=nothing")));
        await _app.RefuseAsync(HttpStatusCode.BadRequest, "invalid-request", "GET", $"{List}?forkOf=a&cursor={cursor}");
        await _app.RefuseAsync(HttpStatusCode.BadRequest, "invalid-request", "GET", $"{List}?forkOf={new string('x', 257)}");
    }

    [Fact]
    public async Task A_tenant_sees_its_own_conversations_only()
    {
        await PutAsync("mine", """{"userId":"ada"}""");
        await PutAsync("theirs", """{"userId":"ada"}""", _other);

        Assert.Equal(["mine"], Ids(await GetAsync("?userId=ada")));
        Assert.Equal(["theirs"], Ids(await GetAsync("?userId=ada", _other)));
        await _app.RefuseAsync(HttpStatusCode.Unauthorized, "key-missing", "GET", List, null, ("Authorization", "Bearer"));
    }

    [Fact]
    public async Task Filters_are_taken_together()
    {
        await PutAsync("a", """{"userId":"ada","agentId":"travel","metadata":{"team":"blue","size":1.50,"a.b":"c d"}}""");
        await PutAsync("b", """{"userId":"ada","agentId":"shop","metadata":{"team":"blue","open":true}}""");
        await PutAsync("c", """{"userId":"bob","agentId":"travel","metadata":{"team":"red","none":null}}""");

        Assert.Equal(["b", "a"], Ids(await GetAsync("?userId=ada")));
        Assert.Equal(["c", "a"], Ids(await GetAsync("?agentId=travel")));
        Assert.Equal(["a"], Ids(await GetAsync("?userId=ada&agentId=travel&metadata.team=blue")));
        Assert.Equal(["a"], Ids(await GetAsync("?metadata.size=1.50&metadata.a.b=c%20d")));
        Assert.Equal(["a"], Ids(await GetAsync("?metadata%5Bsize%5D=1.50&metadata[a.b]=c%20d&metadata.team=blue")));
        Assert.Equal(["a"], Ids(await GetAsync("?metadata=size%3D1.50&metadata=a.b=c%20d&metadata.team=blue")));
        Assert.Equal(["b"], Ids(await GetAsync("?metadata.open=true")));
        Assert.Equal(["c"], Ids(await GetAsync("?metadata.none=null")));
        Assert.Empty(Ids(await GetAsync("?metadata.size=1.5")));
    }

    [Fact]
    public async Task Pages_show_every_conversation_once_while_they_get_turns()
    {
        for (int i = 0; i < 7; i++)
        {
            await PutAsync($"c{i}", "{}");
            silo.Clock.Advance(TimeSpan.FromMinutes(5));
        }

        var shown = new List<string?>();
        JsonElement page = await GetAsync("?limit=3");
        while (page.GetProperty("next").GetString() is { } next)
        {
            shown.AddRange(Ids(page));
            foreach (string id in (string[])["c0", "c6", "c3"])
            {
                silo.Clock.Advance(TimeSpan.FromSeconds(30));
                await PutAsync(id, "{}");
            }

            page = await GetAsync($"?limit=3&cursor={next}");
        }

        Assert.Equal(["c6", "c5", "c4", "c3", "c2", "c1", "c0"], shown.Concat(Ids(page)));
    }

    [Fact]
    public async Task Expired_conversation_is_not_listed()
    {
        await PutAsync("short", """{"ttl":{"seconds":60}}""");
        Assert.Equal(["short"], Ids(await GetAsync("")));

        silo.Clock.Advance(TimeSpan.FromSeconds(60));

        Assert.Empty(Ids(await GetAsync("")));
    }

    [Theory]
    [InlineData("?limit=0", "limit")]
    [InlineData("?limit=201", "limit")]
    [InlineData("?limit=ten", "limit")]
    [InlineData("?cursor=nonsense", "cursor")]
    [InlineData("?cursor=", "cursor")]
    [InlineData("?user=ada", "user")]
    [InlineData("?metadata=x", "metadata")]
    [InlineData("?metadata=", "metadata")]
    [InlineData("?metadata=k=a&metadata=k=b", "metadata")]
    [InlineData("?metadata.k=a&metadata=k=b", "metadata")]
    [InlineData("?metadata.=x", "metadata")]
    [InlineData("?userId=a&userId=b", "userId")]
    [InlineData("?metadata.k=a&metadata.k=b", "metadata.k")]
    [InlineData("?metadata.k=a&metadata[k]=b", "metadata[k]")]
    [InlineData("?metadata[k=a", "metadata[k")]
    [InlineData("?metadatak=a", "metadatak")]
    public async Task A_bad_parameter_is_refused_by_name(string query, string parameter)
    {
        JsonElement problem = await _app.RefuseAsync(HttpStatusCode.BadRequest, "invalid-request", "GET", List + query);

        Assert.Equal(parameter, problem.GetProperty("parameter").GetString());
    }

    [Fact]
    public async Task A_cursor_stays_with_its_conditions()
    {
        await PutAsync("one", """{"userId":"ada"}""");
        await PutAsync("two", """{"userId":"ada"}""");
        string cursor = (await GetAsync("?userId=ada&limit=1")).GetProperty("next").GetString()!;

        JsonElement problem = await _app.RefuseAsync(
            HttpStatusCode.BadRequest,
            "invalid-request",
            "GET",
            $"{List}?limit=1&cursor={cursor}"
        );

        Assert.Equal("cursor", problem.GetProperty("parameter").GetString());
        Assert.Equal(["one"], Ids(await GetAsync($"?userId=ada&cursor={cursor}")));
    }

    private static IEnumerable<string?> Ids(JsonElement page) =>
        page.GetProperty("conversations").EnumerateArray().Select(conversation => conversation.GetProperty("id").GetString());

    private Task<JsonElement> GetAsync(string query, SiloTenant? tenant = null) =>
        (tenant ?? _app).AskAsync(HttpStatusCode.OK, "GET", List + query);

    private async Task PutAsync(string id, string settings, SiloTenant? tenant = null)
    {
        silo.Clock.Advance(TimeSpan.FromMilliseconds(1));
        using HttpResponseMessage response = await (tenant ?? _app).SendAsync("PUT", id, settings);
        response.EnsureSuccessStatusCode();
    }
}
