using System.Net;
using System.Text.Json;
using OrleansMemory.Tests.Support;
using Xunit;

namespace OrleansMemory.Tests.Silo;

public sealed partial class MemoryRoutesTests(SharedSilo silo)
{
    private readonly SiloTenant _app = silo.NewTenant();

    private const string Route = "/v1/memories";

    [Fact]
    public async Task What_was_said_is_recorded_and_recalled_in_every_scope_that_shares_it()
    {
        JsonElement recorded = await _app.AskAsync(
            HttpStatusCode.Created,
            "POST",
            Route,
            """
            {"agent":"a1","user":"r-ada","session":"s1","metadata":{"topic":"pets"},"messages":[
              {"role":"system","content":"Be kind."},
              {"role":"user","content":"My parrot is called Pistachio.","authorName":"Ada","messageId":"m1","createdAt":"2026-03-01T10:00:00Z"},
              {"role":"assistant","contents":[{"$type":"text","text":"A lovely name for a bird!"}]}]}
            """
        );

        string[] ids = [.. recorded.GetProperty("memoryIds").EnumerateArray().Select(id => id.GetString()!)];
        Assert.Equal(2, ids.Length);
        Assert.False(recorded.GetProperty("replayed").GetBoolean());
        foreach (
            string scope in new[]
            {
                "\"user\":\"r-ada\"",
                "\"agent\":\"a1\",\"session\":\"s1\"",
                "\"agent\":\"a1\",\"user\":\"r-ada\",\"session\":\"s1\"",
            }
        )
        {
            JsonElement answer = await SearchAsync($$"""{{{scope}},"query":"What is the parrot called?"}""");
            JsonElement memory = answer.GetProperty("memories")[0].GetProperty("memory");
            Assert.Equal(
                (ids[0], "turn", "Ada", "m1", "user"),
                (Text(memory, "id"), Text(memory, "kind"), Text(memory, "speaker"), Text(memory, "messageId"), Text(memory, "role"))
            );
            Assert.Equal("""{"topic":"pets"}""", memory.GetProperty("metadata").GetRawText());
            Assert.Equal(new DateTimeOffset(2026, 3, 1, 10, 0, 0, TimeSpan.Zero), memory.GetProperty("occurredAt").GetDateTimeOffset());
            Assert.Equal(2, answer.GetProperty("considered").GetInt32());
            Assert.False(answer.GetProperty("partial").GetBoolean());
        }

        Assert.Equal(
            0,
            (await SearchAsync("""{"user":"r-ada","agent":"another","query":"parrot"}""")).GetProperty("memories").GetArrayLength()
        );
    }

    [Fact]
    public async Task What_a_memory_is_recalled_for_is_told_when_it_is_asked_for_and_makes_its_rank()
    {
        await _app.AskAsync(
            HttpStatusCode.Created,
            "POST",
            Route,
            """
            {"user":"why","session":"s","messages":[
              {"role":"user","content":"My parrot is called Pistachio.","authorName":"Ada","createdAt":"2026-03-01T10:00:00Z"},
              {"role":"assistant","content":"Does the parrot talk?","createdAt":"2026-03-01T10:00:01Z"},
              {"role":"user","content":"I bought a boat today.","authorName":"Ada","createdAt":"2026-05-01T10:00:00Z"}]}
            """
        );
        foreach (string query in new[] { "What is the parrot of Ada called?", "What happened on 1 May 2026?", "Tell me about myself" })
        {
            JsonElement plain = await SearchAsync($$"""{"user":"why","query":"{{query}}"}""");
            JsonElement told = await SearchAsync($$"""{"user":"why","query":"{{query}}","explain":true}""");
            Assert.All(
                plain.GetProperty("memories").EnumerateArray(),
                recalled => Assert.Equal(JsonValueKind.Null, recalled.GetProperty("why").ValueKind)
            );
            (string? Id, double Score, double Rank)[] ranked =
            [
                .. told.GetProperty("memories")
                    .EnumerateArray()
                    .Select(static recalled =>
                    {
                        JsonElement why = recalled.GetProperty("why");
                        double Of(string name) => why.GetProperty(name).GetDouble();
                        return (
                            recalled.GetProperty("memory").GetProperty("id").GetString(),
                            recalled.GetProperty("score").GetDouble(),
                            (Of("words") + Of("episode") + Of("dates")) * Of("kind") * Of("speaker")
                        );
                    }),
            ];
            Assert.Equal(
                plain
                    .GetProperty("memories")
                    .EnumerateArray()
                    .Select(static recalled => recalled.GetProperty("memory").GetProperty("id").GetString()),
                ranked.Select(static one => one.Id)
            );
            Assert.NotEmpty(ranked);
            Assert.All(ranked, one => Assert.Equal(one.Score / ranked[0].Score, one.Rank / ranked[0].Rank, 1e-9));
        }

        JsonElement named = (await SearchAsync("""{"user":"why","query":"What is the parrot of Ada called?","explain":true}"""))
            .GetProperty("memories")[0]
            .GetProperty("why");
        Assert.Contains("parrot", named.GetProperty("terms").EnumerateArray().Select(static term => term.GetString()));
        Assert.Equal(1, named.GetProperty("words").GetDouble());
        Assert.True(named.GetProperty("speaker").GetDouble() > 1);
        Assert.Equal(JsonValueKind.Null, named.GetProperty("similarity").ValueKind);
        await _app.RefuseAsync(
            HttpStatusCode.BadRequest,
            "invalid-request",
            "POST",
            Route + "/search",
            """{"user":"why","query":"parrot","explain":"yes"}"""
        );
    }

    [Fact]
    public async Task Facts_are_recalled_by_filters_kind_and_limit()
    {
        await _app.AskAsync(
            HttpStatusCode.Created,
            "POST",
            Route,
            """{"user":"f","contents":["likes green tea","likes black coffee"],"metadata":{"source":"form","n":1}}"""
        );
        await _app.AskAsync(
            HttpStatusCode.Created,
            "POST",
            Route,
            """{"user":"f","contents":["likes tea with milk"],"metadata":{"source":"chat"}}"""
        );
        await _app.AskAsync(
            HttpStatusCode.Created,
            "POST",
            Route,
            """{"user":"f","messages":[{"role":"user","content":"Is there tea?"}]}"""
        );

        Assert.Equal(
            ["likes tea with milk"],
            await RecalledAsync("""{"user":"f","query":"tea","kind":"fact","filters":{"source":"chat"}}""")
        );
        Assert.Equal(
            ["likes green tea"],
            await RecalledAsync("""{"user":"f","query":"tea","filters":{"source":"form","n":1},"limit":1}""")
        );
        Assert.Equal(["Is there tea?"], await RecalledAsync("""{"user":"f","query":"tea","kind":"turn"}"""));
        Assert.Empty(await RecalledAsync("""{"user":"f","query":"tea","filters":{"source":"' or 1=1 --"}}"""));
    }

    [Fact]
    public async Task A_key_records_once()
    {
        const string Body = """{"session":"once","contents":["one"]}""";
        (string, string) key = ("Idempotency-Key", "k1");
        JsonElement first = await _app.AskAsync(HttpStatusCode.Created, "POST", Route, Body, key);

        JsonElement again = await _app.AskAsync(HttpStatusCode.OK, "POST", Route, Body, key);

        Assert.True(again.GetProperty("replayed").GetBoolean());
        Assert.Equal(first.GetProperty("memoryIds").GetRawText(), again.GetProperty("memoryIds").GetRawText());
        await _app.RefuseAsync(HttpStatusCode.Conflict, "record-conflict", "POST", Route, """{"session":"once","contents":["two"]}""", key);
        Assert.Equal(1, (await _app.AskAsync(HttpStatusCode.OK, "GET", Route + "?session=once")).GetProperty("memories").GetArrayLength());
    }

    [Fact]
    public async Task A_list_is_read_page_by_page_with_conditions()
    {
        for (int i = 0; i < 5; i++)
        {
            await _app.AskAsync(
                HttpStatusCode.Created,
                "POST",
                Route,
                $$$"""{"user":"list & co","agent":"a{{{i % 2}}}","contents":["fact {{{i}}}"],"metadata":{"i":{{{i}}}}}"""
            );
        }

        string path = Route + "?limit=2&user=" + Uri.EscapeDataString("list & co");
        JsonElement first = await _app.AskAsync(HttpStatusCode.OK, "GET", path);
        JsonElement second = await _app.AskAsync(HttpStatusCode.OK, "GET", path + "&cursor=" + first.GetProperty("next").GetString());
        JsonElement third = await _app.AskAsync(HttpStatusCode.OK, "GET", path + "&cursor=" + second.GetProperty("next").GetString());

        Assert.Equal(["fact 4", "fact 3", "fact 2", "fact 1", "fact 0"], new[] { first, second, third }.SelectMany(Texts));
        Assert.Equal(JsonValueKind.Null, third.GetProperty("next").ValueKind);
        Assert.Equal(
            ["fact 3", "fact 1"],
            Texts(await _app.AskAsync(HttpStatusCode.OK, "GET", path.Replace("limit=2", "agent=a1", StringComparison.Ordinal)))
        );
        Assert.Equal(["fact 2"], Texts(await _app.AskAsync(HttpStatusCode.OK, "GET", path + "&metadata.i=2&kind=fact")));
        await _app.RefuseAsync(
            HttpStatusCode.BadRequest,
            "invalid-request",
            "GET",
            path + "&agent=a1&cursor=" + first.GetProperty("next").GetString()
        );
    }

    [Fact]
    public async Task A_memory_is_changed_with_history_and_deleted_with_it()
    {
        string id = Text(
            (await _app.AskAsync(HttpStatusCode.Created, "POST", Route, """{"user":"c","contents":["lives in Rome"]}""")).GetProperty(
                "memoryIds"
            )[0]
        );
        string path = $"{Route}/{id}";

        JsonElement changed = await _app.AskAsync(
            HttpStatusCode.OK,
            "PATCH",
            path,
            """{"text":"lives in Oslo","metadata":{"a":1},"ttlSeconds":3600,"expectedVersion":1}"""
        );

        Assert.Equal(("lives in Oslo", 2), (Text(changed, "text"), changed.GetProperty("version").GetInt32()));
        Assert.Equal("""{"a":1}""", changed.GetProperty("metadata").GetRawText());
        Assert.NotEqual(JsonValueKind.Null, changed.GetProperty("expiresAt").ValueKind);
        Assert.Equal(["lives in Oslo"], await RecalledAsync("""{"user":"c","query":"Oslo"}"""));
        Assert.Empty(await RecalledAsync("""{"user":"c","query":"Rome"}"""));
        JsonElement conflict = await _app.RefuseAsync(
            HttpStatusCode.Conflict,
            "memory-changed",
            "PATCH",
            path,
            """{"text":"x","expectedVersion":1}"""
        );
        Assert.Equal(2, conflict.GetProperty("actualVersion").GetInt32());
        changed = await _app.AskAsync(HttpStatusCode.OK, "PATCH", path, """{"metadata":null,"ttlSeconds":null}""");
        Assert.Equal(
            (JsonValueKind.Null, JsonValueKind.Null),
            (changed.GetProperty("metadata").ValueKind, changed.GetProperty("expiresAt").ValueKind)
        );
        JsonElement history = await _app.AskAsync(HttpStatusCode.OK, "GET", path + "/history");
        Assert.Equal(["added", "updated", "updated"], history.GetProperty("events").EnumerateArray().Select(line => Text(line, "kind")));
        Assert.Equal("lives in Rome", Text(history.GetProperty("events")[1], "previousText"));

        using HttpResponseMessage deleted = await _app.SendAsync("DELETE", path);

        Assert.Equal(HttpStatusCode.NoContent, deleted.StatusCode);
        foreach (
            (string method, string target, string? body) in new[]
            {
                ("GET", path, null),
                ("DELETE", path, null),
                ("GET", path + "/history", null),
                ("PATCH", path, """{"text":"x"}"""),
            }
        )
        {
            await _app.RefuseAsync(HttpStatusCode.NotFound, "memory-not-found", method, target, body);
        }

        Assert.Empty(await RecalledAsync("""{"user":"c","query":"Oslo"}"""));
    }

    [Fact]
    public async Task Erasing_a_user_and_deleting_a_conversation_take_their_memories_along()
    {
        await _app.AskAsync(HttpStatusCode.Created, "POST", "mem-source/messages", """{"role":"user","content":"hi"}""");
        await _app.AskAsync(
            HttpStatusCode.Created,
            "POST",
            Route,
            """{"agent":"e","conversationId":"mem-source","contents":["from a conversation"]}"""
        );
        await _app.AskAsync(HttpStatusCode.Created, "POST", Route, """{"agent":"e","user":"erased","contents":["of a user"]}""");
        Assert.Equal(2, (await RecalledAsync("""{"agent":"e","query":"from of user conversation"}""")).Length);

        await _app.AskAsync(HttpStatusCode.OK, "DELETE", "mem-source");
        Assert.Equal(["of a user"], await RecalledAsync("""{"agent":"e","query":"from of user conversation"}"""));
        JsonElement erased = await _app.AskAsync(HttpStatusCode.OK, "DELETE", "/v1/users/erased");

        Assert.Equal(1, erased.GetProperty("memories").GetInt64());
        Assert.Empty(await RecalledAsync("""{"agent":"e","query":"from of user conversation"}"""));
    }

    [Theory]
    [InlineData("", """{"contents":["x"]}""", "scope")]
    [InlineData("", """{"user":"","contents":["x"]}""", "user")]
    [InlineData("", """{"agent":"a","user":null,"contents":["x"]}""", "user")]
    [InlineData("/search", """{"agent":"a","user":null,"query":"x"}""", "user")]
    [InlineData("", """{"user":"u","agent":null,"contents":["x"]}""", "agent")]
    [InlineData("", """{"user":"u","session":null,"contents":["x"]}""", "session")]
    [InlineData("/search", """{"user":"u","agent":null,"query":"x"}""", "agent")]
    [InlineData("/search", """{"agent":"a","session":null,"query":"x"}""", "session")]
    [InlineData("/search", """{"agent":null,"user":null,"session":null,"query":"x"}""", "agent")]
    [InlineData("/search", """{"agent":"a","without":["tenant"],"query":"x"}""", "without[0]")]
    [InlineData("/search", """{"agent":"a","without":"user","query":"x"}""", "without")]
    [InlineData("", """{"user":"u"}""", "messages")]
    [InlineData("", """{"user":"u","messages":[],"contents":[]}""", "messages")]
    [InlineData("", """{"user":"u","contents":[]}""", "messages")]
    [InlineData("", """{"user":"u","contents":[1]}""", "contents[0]")]
    [InlineData("", """{"user":"u","contents":["x"],"metadata":[]}""", "metadata")]
    [InlineData("", """{"user":"u","contents":["x"],"ttlSeconds":0}""", "ttlSeconds")]
    [InlineData("", """{"user":"u","contents":["x"],"conversationId":"a b"}""", null)]
    [InlineData("", """{"user":"u","contents":["x"],"memory":1}""", "memory")]
    [InlineData("", """{"user":"u","messages":[{"role":"system","content":"x"}]}""", "messages")]
    [InlineData("/search", """{"user":"u"}""", "query")]
    [InlineData("/search", """{"user":"u","query":"  "}""", "query")]
    [InlineData("/search", """{"query":"x"}""", "scope")]
    [InlineData("/search", """{"user":"u","query":"x","limit":0}""", "limit")]
    [InlineData("/search", """{"user":"u","query":"x","limit":1001}""", "limit")]
    [InlineData("/search", """{"user":"u","query":"x","kind":"all"}""", "kind")]
    [InlineData("/search", """{"user":"u","query":"x","filters":{"a":{}}}""", "filters.a")]
    [InlineData("/search", """{"user":"u","query":"x","filters":{"a":{"like":1}}}""", "filters.a.like")]
    [InlineData("/search", """{"user":"u","query":"x","filters":{"a":[{}]}}""", "filters.a[0]")]
    [InlineData("/search", """{"user":"u","query":"x","filters":{"a":[]}}""", "filter")]
    [InlineData("/search", """{"user":"u","query":"x","filters":{"a":{"above":"x"}}}""", "filter")]
    [InlineData("/search", """{"user":"u","query":"x","filters":{"$or":"x"}}""", "filters.$or")]
    [InlineData("/search", """{"user":"u","query":"x","filters":{"$or":[]}}""", "filters.$or")]
    [InlineData("/search", """{"user":"u","query":"x","filters":{"$or":[{}]}}""", "filters.$or[0]")]
    [InlineData("/search", """{"user":"u","query":"x","filters":1}""", "filters")]
    [InlineData("/search", """{"user":"u","query":"x","referenceInstant":"soon"}""", "referenceInstant")]
    [InlineData("/search", """{"user":"u","query":"x","exceptConversation":1}""", "exceptConversation")]
    [InlineData("/search", """{"user":"u","query":"x","exceptConversation":""}""", "exceptConversation")]
    [InlineData("/search", """{"user":"u","query":"x","minScore":1.5}""", "minScore")]
    [InlineData("/search", """{"user":"u","query":"x","minScore":"0.5"}""", "minScore")]
    public async Task A_request_that_is_not_valid_says_where(string path, string body, string? parameter)
    {
        JsonElement problem = await _app.RefuseAsync(HttpStatusCode.BadRequest, "invalid-request", "POST", Route + path, body);

        if (parameter is not null)
        {
            Assert.Equal(parameter, Text(problem, "parameter"));
        }
    }

    [Fact]
    public async Task What_is_too_large_is_refused_with_its_limit()
    {
        string text = new('x', (1024 * 1024) + 1);
        JsonElement problem = await _app.RefuseAsync(
            HttpStatusCode.RequestEntityTooLarge,
            "payload-too-large",
            "POST",
            Route,
            $$"""{"user":"big","contents":["{{text}}"]}"""
        );
        Assert.Equal(1024 * 1024, problem.GetProperty("limit").GetInt64());
        string many = string.Join(',', Enumerable.Repeat("\"x\"", 10_001));
        await _app.RefuseAsync(
            HttpStatusCode.RequestEntityTooLarge,
            "payload-too-large",
            "POST",
            Route,
            $$"""{"user":"big","contents":[{{many}}]}"""
        );
        Assert.Equal(0, (await _app.AskAsync(HttpStatusCode.OK, "GET", Route + "?user=big")).GetProperty("memories").GetArrayLength());
    }

    [Fact]
    public async Task Tenants_never_see_each_others_memories()
    {
        SiloTenant other = silo.NewTenant();
        JsonElement recorded = await _app.AskAsync(HttpStatusCode.Created, "POST", Route, """{"user":"u","contents":["a secret of a"]}""");
        string path = $"{Route}/{recorded.GetProperty("memoryIds")[0].GetString()}";

        await other.RefuseAsync(HttpStatusCode.NotFound, "memory-not-found", "GET", path);
        await other.RefuseAsync(HttpStatusCode.NotFound, "memory-not-found", "DELETE", path);
        Assert.Equal(0, (await other.AskAsync(HttpStatusCode.OK, "GET", Route)).GetProperty("memories").GetArrayLength());
        JsonElement answer = await other.AskAsync(HttpStatusCode.OK, "POST", Route + "/search", """{"user":"u","query":"secret"}""");
        Assert.Equal(0, answer.GetProperty("considered").GetInt32());
        await _app.RefuseAsync(HttpStatusCode.Unauthorized, "key-missing", "GET", path, null, ("Authorization", "Bearer"));
    }

    private Task<JsonElement> SearchAsync(string body) => _app.AskAsync(HttpStatusCode.OK, "POST", Route + "/search", body);

    private async Task<string[]> RecalledAsync(string body) =>
        [
            .. (await SearchAsync(body))
                .GetProperty("memories")
                .EnumerateArray()
                .Select(recalled => Text(recalled.GetProperty("memory"), "text")),
        ];

    private static IEnumerable<string> Texts(JsonElement page) =>
        page.GetProperty("memories").EnumerateArray().Select(memory => Text(memory, "text"));

    private static string Text(JsonElement element, string name) => Text(element.GetProperty(name));

    private static string Text(JsonElement element) => element.GetString()!;
}
