using System.Net;
using OrleansMemory.Tests.Support;
using Xunit;

namespace OrleansMemory.Tests.Silo.OpenAi;

/// <summary>Errors as OpenAI's clients expect them, from wherever they come.</summary>
public sealed class OpenAiErrorTests(SharedSilo silo)
{
    private const string Invalid = "invalid_request_error";

    private readonly SiloTenant _app = silo.NewTenant();

    public static TheoryData<string, string, string?> Bodies =>
        new()
        {
            { "{}", "missing_required_parameter", "items" },
            { """{"items":null}""", "missing_required_parameter", "items" },
            { """{"items":{}}""", "invalid_type", "items" },
            { """{"items":[]}""", "array_below_min_length", "items" },
            {
                $$"""{"items":[{{string.Join(',', Enumerable.Repeat("""{"role":"user","content":"x"}""", 21))}}]}""",
                "array_above_max_length",
                "items"
            },
            { """{"items":[],"metadata":{}}""", "unknown_parameter", "metadata" },
            { """{"items":[1]}""", "invalid-request", "items[0]" },
            { """{"items":[{}]}""", "missing_required_parameter", "items[0].type" },
            { """{"items":[{"type":""}]}""", "invalid_value", "items[0].type" },
            { """{"items":[{"type":7}]}""", "invalid_type", "items[0].type" },
            { """{"items":[{"type":"item_reference","id":"x"}]}""", "unsupported_item", "items[0].type" },
            { """{"items":[{"type":"x","type":"y"}]}""", "invalid-request", "items[0].type" },
            { """{"items":[{"type":"x","id":""}]}""", "invalid_value", "items[0].id" },
            { """{"items":[{"type":"x","id":".."}]}""", "invalid_value", "items[0].id" },
            { """{"items":[{"type":"x","id":1}]}""", "invalid_type", "items[0].id" },
            { """{"items":[{"type":"x","id":"\u0000"}]}""", "invalid-request", "items[0]" },
            { """{"items":[{"type":"x","id":"\ud800"}]}""", "invalid-request", "items[0]" },
            { $$"""{"items":[{"type":"x","id":"{{new string('i', 257)}}"}]}""", "invalid-request", "items[0]" },
            { """{"items":[{"role":"user","content":"x"},{"role":"nobody","content":"x"}]}""", "invalid_value", "items[1].role" },
            { """{"items":[{"type":"message","content":"x"}]}""", "missing_required_parameter", "items[0].role" },
            { """{"items":[{"role":"user"}]}""", "missing_required_parameter", "items[0].content" },
            { """{"items":[{"role":"user","content":7}]}""", "invalid_type", "items[0].content" },
            { """{"items":[{"role":"user","content":[{}]}]}""", "missing_required_parameter", "items[0].content[0].type" },
            {
                """{"items":[{"role":"user","content":[{"type":"input_text"}]}]}""",
                "missing_required_parameter",
                "items[0].content[0].text"
            },
            { """{"items":[{"role":"user","content":[{"type":"input_text","text":[]}]}]}""", "invalid_type", "items[0].content[0].text" },
            {
                """{"items":[{"role":"user","content":[{"type":"input_image","image_url":{"url":"x"}}]}]}""",
                "invalid_type",
                "items[0].content[0].image_url"
            },
            { """{"items":[{"role":"user","content":["x"]}]}""", "invalid-request", "items[0].content[0]" },
            { """{"items":[{"type":"function_call","name":"f","arguments":"{}"}]}""", "missing_required_parameter", "items[0].call_id" },
            { """{"items":[{"type":"function_call","call_id":"c","name":"f","arguments":{}}]}""", "invalid_type", "items[0].arguments" },
            { """{"items":[{"type":"function_call_output","call_id":"c"}]}""", "missing_required_parameter", "items[0].output" },
            { """{"items":[{"type":"function_call_output","call_id":"c","output":{}}]}""", "invalid_type", "items[0].output" },
            { """{"items":[{"type":"reasoning"}]}""", "missing_required_parameter", "items[0].summary" },
            { """{"items":[{"type":"reasoning","summary":"x"}]}""", "invalid_type", "items[0].summary" },
            { $$"""{"items":[{"type":"x","deep":{{new string('[', 80)}}{{new string(']', 80)}}}]}""", "json-too-deep", "items[0]" },
            { """{"items":[""", "malformed-json", null },
            { "[]", "invalid-request", "body" },
            { "", "malformed-json", null },
        };

    [Theory]
    [MemberData(nameof(Bodies))]
    public async Task A_body_that_is_not_valid_is_told_where_and_why(string body, string code, string? parameter)
    {
        string id = await _app.NewConversationAsync();

        Assert.Equal(
            parameter,
            (await _app.Http.RefuseOpenAiAsync(HttpStatusCode.BadRequest, Invalid, code, "POST", $"/{id}/items", body)).Parameter
        );

        Assert.Empty(await _app.AllAsync(id));
    }

    [Theory]
    [InlineData("GET", "/{id}/items?limit=0", "invalid-request", "limit")]
    [InlineData("GET", "/{id}/items?limit=101", "invalid-request", "limit")]
    [InlineData("GET", "/{id}/items?limit=x", "invalid-request", "limit")]
    [InlineData("GET", "/{id}/items?limit=1&limit=2", "invalid_value", "limit")]
    [InlineData("GET", "/{id}/items?order=up", "invalid_value", "order")]
    [InlineData("GET", "/{id}/items?include=all", "invalid_value", "include")]
    [InlineData("GET", "/{id}/items?include[]=reasoning.encrypted_content&include[]=", "invalid_value", "include")]
    [InlineData("GET", "/{id}/items?before=a", "unknown_parameter", "before")]
    [InlineData("GET", "/{id}?include=x", "unknown_parameter", "include")]
    [InlineData("DELETE", "/{id}/items/a?x=1", "unknown_parameter", "x")]
    [InlineData("GET", "/a%20b", "invalid-request", "id")]
    public async Task So_is_an_address(string method, string path, string code, string parameter)
    {
        string id = await _app.NewConversationAsync();

        Assert.Equal(
            parameter,
            (
                await _app.Http.RefuseOpenAiAsync(
                    HttpStatusCode.BadRequest,
                    Invalid,
                    code,
                    method,
                    path.Replace("{id}", id, StringComparison.Ordinal)
                )
            ).Parameter
        );
    }

    [Theory]
    [InlineData("none")]
    [InlineData("none@1")]
    [InlineData("msg@999999999999999999")]
    [InlineData("%F0%9F%98%80")]
    [InlineData("fc_0_none")]
    public async Task An_item_that_there_is_not_is_not_found(string item)
    {
        string id = await _app.NewConversationAsync("""{"items":[{"role":"user","content":"x"}]}""");

        Assert.Equal(
            "after",
            (
                await _app.Http.RefuseOpenAiAsync(HttpStatusCode.NotFound, Invalid, "item-not-found", "GET", $"/{id}/items?after={item}")
            ).Parameter
        );
        Assert.Equal(
            "item_id",
            (await _app.Http.RefuseOpenAiAsync(HttpStatusCode.NotFound, Invalid, "item-not-found", "GET", $"/{id}/items/{item}")).Parameter
        );
        Assert.Equal(
            "item_id",
            (
                await _app.Http.RefuseOpenAiAsync(HttpStatusCode.NotFound, Invalid, "item-not-found", "DELETE", $"/{id}/items/{item}")
            ).Parameter
        );
    }

    [Fact]
    public async Task What_routing_refuses_has_the_same_shape()
    {
        await _app.Http.RefuseOpenAiAsync(HttpStatusCode.NotFound, Invalid, "route-not-found", "POST", "/openai/v1/responses", "{}");
        await _app.Http.RefuseOpenAiAsync(HttpStatusCode.MethodNotAllowed, Invalid, "method-not-allowed", "GET", "");
        using var request = new HttpRequestMessage(HttpMethod.Post, OpenAiRequests.Root) { Content = new StringContent("metadata=1") };
        using HttpResponseMessage response = await _app.Http.SendAsync(request);
        Assert.Equal(HttpStatusCode.UnsupportedMediaType, response.StatusCode);
        Assert.Contains("\"code\":\"unsupported-media-type\"", await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_good_answer_names_its_request_as_well()
    {
        using HttpResponseMessage response = await _app.SendAsync("POST", OpenAiRequests.Root, "{}");

        Assert.NotEmpty(Assert.Single(response.Headers.GetValues("x-request-id")));
    }

    [Fact]
    public async Task A_conflict_that_waiting_does_not_solve_is_not_sent_again()
    {
        string id = await _app.NewConversationAsync();
        await _app.OpenAiAsync("POST", $"/{id}", """{"metadata":{"a":"1"}}""", ("Idempotency-Key", "k"));
        using HttpResponseMessage response = await _app.SendAsync(
            "POST",
            $"{OpenAiRequests.Root}/{id}",
            """{"metadata":{"a":"2"}}""",
            ("Idempotency-Key", "k")
        );

        Assert.Equal(
            (HttpStatusCode.Conflict, "false"),
            (response.StatusCode, Assert.Single(response.Headers.GetValues("x-should-retry")))
        );
    }
}
