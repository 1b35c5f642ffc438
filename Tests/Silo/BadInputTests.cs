using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using OrleansMemory.Tests.Support;
using Xunit;

namespace OrleansMemory.Tests.Silo;

public sealed class BadInputTests(BadInputTests.SmallBodies app) : IClassFixture<BadInputTests.SmallBodies>
{
    [Theory]
    [InlineData("GET", "", null)]
    [InlineData("DELETE", "", null)]
    [InlineData("GET", "/messages", null)]
    [InlineData("DELETE", "/messages", null)]
    [InlineData("POST", "/messages/truncate", """{"keepLast":1}""")]
    [InlineData("POST", "/fork", """{"newId":"x"}""")]
    [InlineData("GET", "/export", null)]
    [InlineData("GET", "/entries/n", null)]
    [InlineData("GET", "/entries/n/k", null)]
    [InlineData("DELETE", "/entries/n/k", null)]
    public async Task An_unknown_conversation_is_404_not_an_empty_page(string method, string path, string? body)
    {
        await app.RefuseAsync(HttpStatusCode.NotFound, "conversation-not-found", method, "unknown" + path, body);
        await app.RefuseAsync(HttpStatusCode.NotFound, "conversation-not-found", "GET", "unknown");
    }

    [Theory]
    [InlineData("a%20b")]
    [InlineData("a%2Fb")]
    [InlineData("%C3%A9")]
    [InlineData("a%22b")]
    [InlineData("%7B%7D")]
    public async Task An_illegal_id_is_refused(string id)
    {
        foreach (
            (string method, string path, string? body) in new[]
            {
                ("GET", "", null),
                ("GET", "/messages", null),
                ("PUT", "", "{}"),
                ("POST", "/turns", "{}"),
            }
        )
        {
            JsonElement problem = await app.RefuseAsync(HttpStatusCode.BadRequest, "invalid-request", method, id + path, body);
            Assert.Equal("id", problem.GetProperty("parameter").GetString());
        }
    }

    [Fact]
    public async Task An_id_that_is_too_long_is_refused()
    {
        await app.AskAsync(HttpStatusCode.Created, "PUT", new string('i', 256), "{}");
        await app.RefuseAsync(HttpStatusCode.BadRequest, "invalid-request", "PUT", new string('i', 257), "{}");
    }

    [Theory]
    [InlineData("", 1, 1)]
    [InlineData("{", 1, 2)]
    [InlineData("{\"version\":\n  x}", 2, 3)]
    [InlineData("{} {}", 1, 4)]
    [InlineData("{'a':1}", 1, 2)]
    [InlineData("{\"version\":1,}", 1, 14)]
    public async Task Malformed_json_is_refused_with_its_place(string body, long line, long column)
    {
        foreach (string path in new[] { "m/turns", "m/messages", "m/fork", "m/messages/truncate", "m/import" })
        {
            JsonElement problem = await app.RefuseAsync(HttpStatusCode.BadRequest, "malformed-json", "POST", path, body);
            Assert.Equal((line, column), (problem.GetProperty("line").GetInt64(), problem.GetProperty("column").GetInt64()));
        }
    }

    [Fact]
    public async Task Json_that_is_too_deep_is_refused()
    {
        string deep = new string('[', 70) + new string(']', 70);

        await app.RefuseAsync(HttpStatusCode.BadRequest, "json-too-deep", "PUT", "deep/entries/n/k", deep);
    }

    [Fact]
    public async Task Broken_utf8_is_refused()
    {
        using var content = new ByteArrayContent(Encoding.Latin1.GetBytes("""{"role":"user","content":"ÿ"}"""));
        content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        using HttpResponseMessage response = await app.Http.PostAsync("/v1/conversations/utf8/messages", content);

        await SiloApp.ProblemAsync(response, HttpStatusCode.BadRequest, "malformed-json");
    }

    [Theory]
    [InlineData("text/plain")]
    [InlineData("application/x-www-form-urlencoded")]
    [InlineData("application/json; charset=utf-16")]
    [InlineData("application/problem+json")]
    [InlineData(null)]
    public async Task Another_content_type_is_refused(string? type)
    {
        foreach (
            (string method, string path) in new[]
            {
                ("PUT", ""),
                ("POST", "/turns"),
                ("POST", "/messages"),
                ("POST", "/messages/truncate"),
                ("POST", "/fork"),
                ("POST", "/import"),
                ("PUT", "/entries/n/k"),
            }
        )
        {
            using var content = new ByteArrayContent("{}"u8.ToArray());
            content.Headers.TryAddWithoutValidation("Content-Type", type);
            using var request = new HttpRequestMessage(new HttpMethod(method), "/v1/conversations/t" + path) { Content = content };
            using HttpResponseMessage response = await app.Http.SendAsync(request);
            await SiloApp.ProblemAsync(response, HttpStatusCode.UnsupportedMediaType, "unsupported-media-type");
        }
    }

    [Theory]
    [InlineData("turns", 2048, true)]
    [InlineData("turns", 2048, false)]
    [InlineData("import", 4096, true)]
    [InlineData("import", 4096, false)]
    public async Task An_oversized_body_is_refused_whether_or_not_it_says_its_size(string path, long limit, bool saysSize)
    {
        byte[] body = Encoding.UTF8.GetBytes("{\"x\":\"" + new string('x', 5000) + "\"}");
        using HttpContent content = saysSize ? new ByteArrayContent(body) : new StreamContent(new UnmeasuredStream(body));
        content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        using HttpResponseMessage response = await app.Http.PostAsync("/v1/conversations/big/" + path, content);

        JsonElement problem = await SiloApp.ProblemAsync(response, HttpStatusCode.RequestEntityTooLarge, "payload-too-large");

        Assert.Equal(
            ("body", limit, "bytes"),
            (problem.GetProperty("parameter").GetString(), problem.GetProperty("limit").GetInt64(), problem.GetProperty("unit").GetString())
        );
        Assert.True(problem.GetProperty("actual").GetInt64() > limit);
    }

    [Fact]
    public async Task A_message_over_its_own_limit_is_refused()
    {
        await using SiloApp strict = new SiloApp().With("OrleansMemory:Conversations:MaxMessageBytes", "1024");

        JsonElement problem = await strict.RefuseAsync(
            HttpStatusCode.RequestEntityTooLarge,
            "payload-too-large",
            "POST",
            "big/messages",
            $$"""{"role":"user","content":"{{new string('x', 1024)}}"}"""
        );

        Assert.Equal(1024, problem.GetProperty("limit").GetInt64());
    }

    [Theory]
    [InlineData("""{"user":"u"}""", "user")]
    [InlineData("""{"ttl":{"seconds":0}}""", "ttl.seconds")]
    [InlineData("""{"ttl":{}}""", "ttl.seconds")]
    [InlineData("""{"ttl":{"seconds":1,"slide":true}}""", "ttl.slide")]
    [InlineData("""{"ttl":{"seconds":1,"sliding":1}}""", "ttl.sliding")]
    [InlineData("""{"ttl":60}""", "ttl")]
    [InlineData("""{"metadata":"x"}""", "metadata")]
    [InlineData("""{"metadata":{"x":"\u0000"}}""", "metadata")]
    [InlineData("""{"title":5}""", "title")]
    [InlineData("""{"title":"\ud800"}""", "title")]
    public async Task Bad_settings_are_refused_by_name(string body, string parameter)
    {
        JsonElement problem = await app.RefuseAsync(HttpStatusCode.BadRequest, "invalid-request", "PUT", "settings", body);

        Assert.Equal(parameter, problem.GetProperty("parameter").GetString());
    }

    [Theory]
    [InlineData("GET", "settings?verbose=1")]
    [InlineData("PUT", "settings?verbose=1")]
    [InlineData("DELETE", "settings?verbose=1")]
    [InlineData("POST", "settings/turns?verbose=1")]
    [InlineData("GET", "settings/export?verbose=1")]
    [InlineData("PUT", "settings/entries/n/k?verbose=1")]
    public async Task An_unknown_query_parameter_is_refused_by_name(string method, string path)
    {
        JsonElement problem = await app.RefuseAsync(
            HttpStatusCode.BadRequest,
            "invalid-request",
            method,
            path,
            method is "GET" or "DELETE" ? null : "{}"
        );

        Assert.Equal("verbose", problem.GetProperty("parameter").GetString());
    }

    [Fact]
    public async Task A_bad_idempotency_key_is_refused()
    {
        const string Message = """{"role":"user","content":"x"}""";
        await app.RefuseAsync(HttpStatusCode.BadRequest, "invalid-request", "POST", "idem/messages", Message, ("Idempotency-Key", " "));
        await app.RefuseAsync(
            HttpStatusCode.BadRequest,
            "invalid-request",
            "POST",
            "idem/messages",
            Message,
            ("Idempotency-Key", "a"),
            ("Idempotency-Key", "b")
        );
        await app.RefuseAsync(
            HttpStatusCode.BadRequest,
            "invalid-request",
            "POST",
            "idem/messages",
            Message,
            ("Idempotency-Key", new string('k', 257))
        );
    }

    [Fact]
    public async Task What_is_not_there_is_a_problem_too()
    {
        await app.RefuseAsync(HttpStatusCode.NotFound, "route-not-found", "GET", "/v1/nothing");
        await app.RefuseAsync(HttpStatusCode.NotFound, "route-not-found", "GET", "c/nothing");
        await app.RefuseAsync(HttpStatusCode.MethodNotAllowed, "method-not-allowed", "POST", "c");
    }

    public sealed class SmallBodies : SiloApp
    {
        public SmallBodies() => With("OrleansMemory:Http:MaxRequestBytes", "2048").With("OrleansMemory:Http:MaxImportBytes", "4096");
    }

    private sealed class UnmeasuredStream(byte[] bytes) : MemoryStream(bytes)
    {
        public override bool CanSeek => false;
    }
}
