using System.Net;
using System.Text.Json;
using OrleansMemory.Tests.Support;
using Xunit;

namespace OrleansMemory.Tests.Silo.OpenAi;

public sealed class OpenAiConversationTests(SharedSilo silo)
{
    private const string Root = OpenAiRequests.Root;

    private readonly SiloTenant _app = silo.NewTenant();

    [Fact]
    public async Task A_conversation_is_created_read_changed_and_deleted()
    {
        JsonElement created = await _app.OpenAiAsync(
            "POST",
            "",
            """{"metadata":{"topic":"demo"},"items":[{"type":"message","role":"user","content":"Hello!"}]}"""
        );
        string id = created.GetProperty("id").GetString()!;
        JsonElement ours = await _app.AskAsync(HttpStatusCode.OK, "GET", id);

        Assert.Matches("^conv_[0-9a-f]{48}$", id);
        long at = ours.GetProperty("createdAt").GetDateTimeOffset().ToUnixTimeSeconds();
        string Expected(string metadata) => $$"""{"id":"{{id}}","object":"conversation","created_at":{{at}},"metadata":{{metadata}}}""";
        Assert.Equal(Expected("""{"topic":"demo"}"""), created.GetRawText());
        Assert.Equal(created.GetRawText(), (await _app.OpenAiAsync("GET", $"/{id}")).GetRawText());
        Assert.Equal(
            ("demo", 1),
            (ours.GetProperty("metadata").GetProperty("topic").GetString(), ours.GetProperty("messageCount").GetInt32())
        );

        Assert.Equal(Expected("""{"a":"b"}"""), (await _app.OpenAiAsync("POST", $"/{id}", """{"metadata":{"a":"b"}}""")).GetRawText());
        Assert.Equal(Expected("{}"), (await _app.OpenAiAsync("POST", $"/{id}", """{"metadata":null}""")).GetRawText());
        Assert.Equal(
            $$"""{"id":"{{id}}","object":"conversation.deleted","deleted":true}""",
            (await _app.OpenAiAsync("DELETE", $"/{id}")).GetRawText()
        );
        foreach (
            (string method, string path, string? body) in ((string, string, string?)[])
                [
                    ("GET", "", null),
                    ("DELETE", "", null),
                    ("POST", "", """{"metadata":{}}"""),
                    ("GET", "/items", null),
                    ("POST", "/items", """{"items":[{"role":"user","content":"x"}]}"""),
                    ("GET", "/items/a", null),
                    ("DELETE", "/items/a", null),
                ]
        )
        {
            Assert.Null(
                (
                    await _app.Http.RefuseOpenAiAsync(
                        HttpStatusCode.NotFound,
                        "invalid_request_error",
                        "conversation-not-found",
                        method,
                        $"/{id}{path}",
                        body
                    )
                ).Parameter
            );
        }

        await _app.RefuseAsync(HttpStatusCode.NotFound, "conversation-not-found", "GET", id);
    }

    [Fact]
    public async Task A_request_without_a_body_creates_an_empty_conversation()
    {
        using HttpResponseMessage response = await _app.SendAsync("POST", Root);
        JsonElement created = JsonDocument.Parse(await response.Content.ReadAsStringAsync()).RootElement;

        Assert.Equal("{}", created.GetProperty("metadata").GetRawText());
        Assert.Equal(
            """{"object":"list","data":[],"first_id":null,"last_id":null,"has_more":false}""",
            (await _app.OpenAiAsync("GET", $"/{created.GetProperty("id").GetString()}/items")).GetRawText()
        );
    }

    [Fact]
    public async Task A_creation_that_is_sent_again_under_its_key_is_the_same_conversation()
    {
        const string Body = """{"items":[{"role":"user","content":"once"}]}""";
        JsonElement first = await _app.OpenAiAsync("POST", "", Body, ("Idempotency-Key", "create"));
        JsonElement again = await _app.OpenAiAsync("POST", "", Body, ("Idempotency-Key", "create"));
        string id = first.GetProperty("id").GetString()!;

        Assert.Equal(first.GetRawText(), again.GetRawText());
        Assert.Single(await _app.AllAsync(id));
        await _app.Http.RefuseOpenAiAsync(
            HttpStatusCode.Conflict,
            "invalid_request_error",
            "turn-conflict",
            "POST",
            "",
            """{"metadata":{"other":"body"}}""",
            ("Idempotency-Key", "create")
        );
        Assert.NotEqual(
            id,
            (await _app.OpenAiAsync("POST", "", Body, ("Idempotency-Key", "create"), ("OrleansMemory-User", "ada")))
                .GetProperty("id")
                .GetString()
        );

        await _app.OpenAiAsync("DELETE", $"/{id}");
        await _app.Http.RefuseOpenAiAsync(
            HttpStatusCode.Gone,
            "invalid_request_error",
            "gone",
            "POST",
            "",
            Body,
            ("Idempotency-Key", "create")
        );
    }

    [Fact]
    public async Task A_header_names_the_user_whose_conversation_it_is()
    {
        JsonElement created = await _app.OpenAiAsync("POST", "", """{"metadata":{"k":"v"}}""", ("OrleansMemory-User", "ada"));
        string id = created.GetProperty("id").GetString()!;

        JsonElement list = await _app.AskAsync(HttpStatusCode.OK, "GET", "/v1/conversations?userId=ada&metadata.k=v");
        Assert.Equal(id, list.GetProperty("conversations")[0].GetProperty("id").GetString());
        await _app.OpenAiAsync("POST", $"/{id}", """{"metadata":{"k":"w"}}""");
        Assert.Equal("ada", (await _app.AskAsync(HttpStatusCode.OK, "GET", id)).GetProperty("userId").GetString());
        await _app.AskAsync(HttpStatusCode.OK, "DELETE", "/v1/users/ada");
        await _app.Http.RefuseOpenAiAsync(HttpStatusCode.NotFound, "invalid_request_error", "conversation-not-found", "GET", $"/{id}");
        await _app.Http.RefuseOpenAiAsync(
            HttpStatusCode.BadRequest,
            "invalid_request_error",
            "invalid-request",
            "POST",
            "",
            "{}",
            ("OrleansMemory-User", "a"),
            ("OrleansMemory-User", "b")
        );
    }

    [Fact]
    public async Task Metadata_of_another_API_is_answered_as_it_is()
    {
        await _app.AskAsync(HttpStatusCode.Created, "PUT", "ours", """{"metadata":{"nested":{"n":1.50},"list":[]}}""");

        Assert.Equal("""{"nested":{"n":1.50},"list":[]}""", (await _app.OpenAiAsync("GET", "/ours")).GetProperty("metadata").GetRawText());
    }

    [Fact]
    public async Task Metadata_is_taken_up_to_its_limits()
    {
        string Pairs(int count) => string.Join(',', Enumerable.Range(0, count).Select(i => $"\"k{i}\":\"v\""));
        string key = string.Concat(Enumerable.Repeat("😀", 64));
        string value = string.Concat(Enumerable.Repeat("😀", 512));
        string id = await _app.NewConversationAsync($$$"""{"metadata":{{{{Pairs(15)}}},"{{{key}}}":"{{{value}}}"}}""");

        Assert.Equal(value, (await _app.OpenAiAsync("GET", $"/{id}")).GetProperty("metadata").GetProperty(key).GetString());
        foreach (
            (string metadata, string code, string parameter) in ((string, string, string)[])
                [
                    ($"{{{Pairs(17)}}}", "object_above_max_properties", "metadata"),
                    ($$"""{"{{new string('k', 65)}}":"v"}""", "property_name_above_max_length", "metadata"),
                    ($$"""{"k":"{{new string('v', 513)}}"}""", "string_above_max_length", "metadata.k"),
                    ("""{"k":1}""", "invalid_type", "metadata.k"),
                    ("""{"k":null}""", "invalid_type", "metadata.k"),
                    ("[]", "invalid_type", "metadata"),
                    ("""{"k":"\u0000"}""", "invalid-request", "metadata"),
                    ("""{"k":"\ud800"}""", "invalid-request", "metadata"),
                    ("""{"k":"a","k":"b"}""", "invalid-request", "metadata.k"),
                ]
        )
        {
            Assert.Equal(
                parameter,
                (
                    await _app.Http.RefuseOpenAiAsync(
                        HttpStatusCode.BadRequest,
                        "invalid_request_error",
                        code,
                        "POST",
                        $"/{id}",
                        $$"""{"metadata":{{metadata}}}"""
                    )
                ).Parameter
            );
            Assert.Equal(
                parameter,
                (
                    await _app.Http.RefuseOpenAiAsync(
                        HttpStatusCode.BadRequest,
                        "invalid_request_error",
                        code,
                        "POST",
                        "",
                        $$"""{"metadata":{{metadata}}}"""
                    )
                ).Parameter
            );
        }

        Assert.Equal(
            "metadata",
            (
                await _app.Http.RefuseOpenAiAsync(
                    HttpStatusCode.BadRequest,
                    "invalid_request_error",
                    "missing_required_parameter",
                    "POST",
                    $"/{id}",
                    "{}"
                )
            ).Parameter
        );
    }
}
