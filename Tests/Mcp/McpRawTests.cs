using System.Net;
using System.Text;
using System.Text.Json;
using OrleansMemory.Tests.Support;
using Xunit;

namespace OrleansMemory.Tests.Mcp;

/// <summary>Requests that no client of the protocol would send. None is a fault of the server, and none is answered with a stack.</summary>
public sealed class McpRawTests(SharedSilo silo)
{
    private const string Accepted = "application/json, text/event-stream";

    private readonly SiloTenant _tenant = silo.NewTenant();

    [Theory]
    [InlineData(null)]
    [InlineData("text/plain")]
    [InlineData("application/json; charset=utf-16")]
    [InlineData("application/x-www-form-urlencoded")]
    [InlineData("nonsense")]
    public async Task Another_content_type_is_refused(string? contentType)
    {
        using HttpResponseMessage response = await SendAsync("""{"jsonrpc":"2.0","id":1,"method":"tools/list"}""", contentType);

        await SiloApp.ProblemAsync(response, HttpStatusCode.UnsupportedMediaType, "unsupported-media-type");
    }

    [Theory]
    [InlineData("", "malformed-json")]
    [InlineData("{", "malformed-json")]
    [InlineData("{} {}", "malformed-json")]
    [InlineData("\"\u00ff\"", "malformed-json")]
    public async Task What_is_no_json_is_refused(string body, string code)
    {
        using HttpResponseMessage response = await SendAsync(body);

        await SiloApp.ProblemAsync(response, HttpStatusCode.BadRequest, code);
    }

    [Theory]
    [InlineData("null")]
    [InlineData("1")]
    [InlineData("\"x\"")]
    [InlineData("[]")]
    [InlineData("""[{"jsonrpc":"2.0","id":1,"method":"ping"},{"jsonrpc":"2.0","id":2,"method":"ping"}]""")]
    [InlineData("{}")]
    [InlineData("""{"id":1,"method":"ping"}""")]
    [InlineData("""{"jsonrpc":"1.0","id":1,"method":"ping"}""")]
    [InlineData("""{"jsonrpc":"2.0","id":1}""")]
    [InlineData("""{"jsonrpc":"2.0","id":null,"method":"ping"}""")]
    [InlineData("""{"jsonrpc":"2.0","id":{},"method":"ping"}""")]
    [InlineData("""{"jsonrpc":"2.0","id":1.5,"method":"ping"}""")]
    [InlineData("""{"jsonrpc":"2.0","id":99999999999999999999,"method":"ping"}""")]
    [InlineData("""{"jsonrpc":"2.0","id":1,"method":7}""")]
    [InlineData("""{"jsonrpc":"2.0","id":1,"method":"\ud83d"}""")]
    [InlineData("""{"jsonrpc":"2.0","id":"\ud83d","method":"ping"}""")]
    [InlineData("""{"jsonrpc":"2.0","id":1,"method":"initialize","params":{}}""")]
    [InlineData(
        """{"jsonrpc":"2.0","id":1,"method":"initialize","params":{"protocolVersion":5,"capabilities":{},"clientInfo":{"name":"n","version":"1"}}}"""
    )]
    [InlineData(
        """{"jsonrpc":"2.0","id":1,"method":"initialize","params":{"protocolVersion":"\ud83d","capabilities":{},"clientInfo":{"name":"n","version":"1"}}}"""
    )]
    [InlineData("""{"jsonrpc":"2.0","id":1,"method":"initialize","params":[]}""")]
    public async Task What_is_no_message_of_the_protocol_is_a_bad_request(string body)
    {
        using HttpResponseMessage response = await SendAsync(body);

        string answer = await response.Content.ReadAsStringAsync();
        Assert.True(response.StatusCode == HttpStatusCode.BadRequest, $"{response.StatusCode}: {answer}");
        AssertError(answer);
    }

    [Theory]
    [InlineData("""{"jsonrpc":"2.0","id":1,"method":"unheard/of"}""", -32601)]
    [InlineData("""{"jsonrpc":"2.0","id":1,"method":""}""", -32601)]
    [InlineData("""{"jsonrpc":"2.0","id":1,"method":"tools/call"}""", -32602)]
    [InlineData("""{"jsonrpc":"2.0","id":1,"method":"tools/call","params":[]}""", -32602)]
    [InlineData("""{"jsonrpc":"2.0","id":1,"method":"tools/call","params":5}""", -32602)]
    [InlineData("""{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{}}""", -32602)]
    [InlineData("""{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":5}}""", -32602)]
    [InlineData("""{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"\ud83d"}}""", -32602)]
    [InlineData("""{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"forget","arguments":[]}}""", -32602)]
    [InlineData("""{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"forget","arguments":"x"}}""", -32602)]
    [InlineData("""{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"unheard_of"}}""", -32602)]
    [InlineData(
        """{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"save_to_memory","arguments":{"user":"u","content":["half \ud83d"]}}}""",
        -32602
    )]
    [InlineData(
        """{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"save_to_memory","arguments":{"user":"u","content":["a"],"\udc00":1}}}""",
        -32602
    )]
    [InlineData("""{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"save_to_memory","name":"forget"}}""", -32603)]
    [InlineData("""{"jsonrpc":"2.0","id":1,"method":"resources/read","params":{"uri":7}}""", -32602)]
    [InlineData("""{"jsonrpc":"2.0","id":1,"method":"resources/read","params":{"uri":"unheard://of"}}""", -32002)]
    [InlineData("""{"jsonrpc":"2.0","id":1,"method":"resources/list","params":{"cursor":"unheard of"}}""", -32602)]
    [InlineData(
        """{"jsonrpc":"2.0","id":1,"method":"prompts/get","params":{"name":"continue_conversation","arguments":{"conversationId":5}}}""",
        -32602
    )]
    public async Task What_the_protocol_does_not_have_is_an_error_of_the_protocol(string body, int code)
    {
        using HttpResponseMessage response = await SendAsync(body);

        string answer = await response.Content.ReadAsStringAsync();
        Assert.True(response.StatusCode == HttpStatusCode.OK, $"{response.StatusCode}: {answer}");
        Assert.Equal(code, AssertError(answer).GetProperty("code").GetInt32());
    }

    [Theory]
    [InlineData("""{"user":"u\u0000","content":["a"]}""", "user")]
    [InlineData("""{"user":"u","content":["a"],"more \u003c":1}""", "more <")]
    public async Task Texts_that_no_store_can_hold_are_refused_by_their_tool(string arguments, string parameter)
    {
        using HttpResponseMessage response = await SendAsync(
            """{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"save_to_memory","arguments":""" + arguments + "}}"
        );

        JsonElement result = MessageOf(await response.Content.ReadAsStringAsync()).GetProperty("result");
        Assert.True(result.GetProperty("isError").GetBoolean());
        JsonElement error = result.GetProperty("structuredContent").GetProperty("error");
        Assert.Equal(("invalid-request", parameter), (error.GetProperty("code").GetString(), error.GetProperty("parameter").GetString()));
    }

    [Theory]
    [InlineData("""{"name":5}""", "save_to_memory")]
    [InlineData("""{"name":"save_to_memory","name":"forget"}""", "save_to_memory")]
    [InlineData("""{"name":"forget"}""", "save_to_memory")]
    [InlineData("""{"name":"\ud83d"}""", "save_to_memory")]
    public async Task Headers_and_bodies_of_the_newest_revision_that_do_not_fit_are_a_bad_request(string parameters, string name)
    {
        const string Meta = """
            "_meta":{"io.modelcontextprotocol/protocolVersion":"2026-07-28","io.modelcontextprotocol/clientCapabilities":{}}
            """;
        string body = """{"jsonrpc":"2.0","id":1,"method":"tools/call","params":""" + parameters[..^1] + "," + Meta + "}}";

        using HttpResponseMessage response = await SendAsync(
            body,
            headers: [("MCP-Protocol-Version", "2026-07-28"), ("Mcp-Method", "tools/call"), ("Mcp-Name", name)]
        );

        string answer = await response.Content.ReadAsStringAsync();
        Assert.True(response.StatusCode == HttpStatusCode.BadRequest, $"{response.StatusCode}: {answer}");
        AssertError(answer);
    }

    [Fact]
    public async Task Unknown_sessions_and_revisions_and_other_methods_are_refused()
    {
        const string Ping = """{"jsonrpc":"2.0","id":1,"method":"ping"}""";
        using HttpResponseMessage session = await SendAsync(Ping, headers: [("Mcp-Session-Id", "unknown")]);
        using HttpResponseMessage revision = await SendAsync(Ping, headers: [("MCP-Protocol-Version", "1999-01-01")]);
        using HttpResponseMessage accept = await SendAsync(Ping, accept: "text/html");

        Assert.Equal(
            (HttpStatusCode.BadRequest, HttpStatusCode.BadRequest, HttpStatusCode.NotAcceptable),
            (session.StatusCode, revision.StatusCode, accept.StatusCode)
        );
        foreach (HttpResponseMessage response in (HttpResponseMessage[])[session, revision, accept])
        {
            AssertError(await response.Content.ReadAsStringAsync());
        }

        foreach (string method in (string[])["GET", "DELETE", "PUT", "PATCH"])
        {
            using HttpResponseMessage other = await _tenant.SendAsync(method, "/mcp");
            await SiloApp.ProblemAsync(other, HttpStatusCode.MethodNotAllowed, "method-not-allowed");
            Assert.Equal("POST", Assert.Single(other.Content.Headers.Allow));
        }
    }

    [Fact]
    public async Task Notifications_and_answers_that_nobody_waits_for_are_accepted()
    {
        foreach (
            string body in (string[])
                [
                    """{"jsonrpc":"2.0","method":"notifications/initialized"}""",
                    """{"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":"x"}}""",
                    """{"jsonrpc":"2.0","method":"notifications/cancelled","params":7}""",
                    """{"jsonrpc":"2.0","id":5,"result":{}}""",
                ]
        )
        {
            using HttpResponseMessage response = await SendAsync(body);
            Assert.Equal((HttpStatusCode.Accepted, ""), (response.StatusCode, await response.Content.ReadAsStringAsync()));
        }
    }

    [Fact]
    public async Task Bodies_are_bounded_as_everywhere()
    {
        using HttpResponseMessage deep = await SendAsync(
            $$"""{"jsonrpc":"2.0","id":1,"method":"ping","params":{{new string('[', 200)}}{{new string(']', 200)}}}"""
        );
        await SiloApp.ProblemAsync(deep, HttpStatusCode.BadRequest, "json-too-deep");

        using HttpResponseMessage many = await SendAsync(
            """{"jsonrpc":"2.0","id":1,"method":"ping","params":{"x":[""" + string.Join(',', Enumerable.Repeat('1', 500_001)) + "]}}"
        );
        await SiloApp.ProblemAsync(many, HttpStatusCode.RequestEntityTooLarge, "payload-too-large");

        using var request = new HttpRequestMessage(HttpMethod.Post, "/mcp")
        {
            Content = new StringContent(new string(' ', 33 * 1024 * 1024), Encoding.UTF8, "application/json"),
        };
        using HttpResponseMessage large = await _tenant.Http.SendAsync(request);
        await SiloApp.ProblemAsync(large, HttpStatusCode.RequestEntityTooLarge, "payload-too-large");
    }

    private static JsonElement AssertError(string answer)
    {
        Assert.DoesNotContain("   at ", answer, StringComparison.Ordinal);
        JsonElement message = MessageOf(answer);
        Assert.False(string.IsNullOrWhiteSpace(message.GetProperty("error").GetProperty("message").GetString()));
        return message.GetProperty("error");
    }

    private static JsonElement MessageOf(string answer)
    {
        string json = answer.StartsWith('{')
            ? answer
            : Assert.Single(answer.Split('\n'), line => line.StartsWith("data:", StringComparison.Ordinal))[5..];
        JsonElement message = JsonDocument.Parse(json).RootElement;
        Assert.Equal("2.0", message.GetProperty("jsonrpc").GetString());
        return message;
    }

    private Task<HttpResponseMessage> SendAsync(
        string body,
        string? contentType = "application/json",
        string accept = Accepted,
        params (string Name, string Value)[] headers
    )
    {
        // Bytes as they are, also those that are no UTF-8.
        var content = new ByteArrayContent(Encoding.Latin1.GetBytes(body));
        if (contentType is not null)
        {
            content.Headers.TryAddWithoutValidation("Content-Type", contentType);
        }

        var request = new HttpRequestMessage(HttpMethod.Post, "/mcp") { Content = content };
        request.Headers.TryAddWithoutValidation("Accept", accept);
        foreach ((string name, string value) in headers)
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        return _tenant.Http.SendAsync(request);
    }
}
