using System.Net;
using System.Text.Json;
using ModelContextProtocol;
using OrleansMemory.Tests.Support;
using Xunit;

namespace OrleansMemory.Tests.Mcp;

/// <summary>Whatever is wrong with a call is told with a code, where it is and what would be right.</summary>
public sealed class McpErrorTests(SharedSilo silo)
{
    private readonly SiloTenant _tenant = silo.NewTenant();

    [Theory]
    [InlineData("save_to_memory", "{}", "content", "required")]
    [InlineData("save_to_memory", """{"content":"one","user":"u"}""", "content", "array")]
    [InlineData("save_to_memory", """{"content":[],"user":"u"}""", "content", "1 to 100")]
    [InlineData("save_to_memory", """{"content":["a",1],"user":"u"}""", "content[1]", "text")]
    [InlineData("save_to_memory", """{"content":[" "],"user":"u"}""", "content[0]", "")]
    [InlineData("save_to_memory", """{"content":["a"]}""", "user", "agent, user and session")]
    [InlineData("save_to_memory", """{"content":["a"],"user":""}""", "user", "1 to 256")]
    [InlineData("save_to_memory", """{"content":["a"],"agent":"a","user":null}""", "user", "names no user. Leave user out")]
    [InlineData("recall_from_memory", """{"query":"a","agent":"a","user":null}""", "user", "names no user. Leave user out")]
    [InlineData("save_to_memory", """{"content":["a"],"user":"u","agent":null}""", "agent", "to record for none")]
    [InlineData("save_to_memory", """{"content":["a"],"user":"u","session":null}""", "session", "names no session. Leave session out")]
    [InlineData("recall_from_memory", """{"query":"a","user":"u","agent":null}""", "agent", "without")]
    [InlineData("recall_from_memory", """{"query":"a","agent":"a","session":null}""", "session", "names no session. Leave session out")]
    [InlineData("recall_from_memory", """{"query":"a","agent":"a","without":["tenant"]}""", "without[0]", "agent, user or session")]
    [InlineData("list_conversations", """{"user":null}""", "user", "names no user. Leave user out")]
    [InlineData("list_conversations", """{"user":"u","agent":null}""", "agent", "names no agent. Leave agent out")]
    [InlineData("search_history", """{"query":"q","user":null}""", "user", "names no user. Leave user out")]
    [InlineData("save_to_memory", """{"content":["a"],"user":"u","ttlSeconds":-1}""", "ttlSeconds", "more than 0")]
    [InlineData("save_to_memory", """{"content":["a"],"user":"u","ttlSeconds":"soon"}""", "ttlSeconds", "seconds")]
    [InlineData("save_to_memory", """{"content":["a"],"user":"u","idempotencyKey":""}""", "idempotencyKey", "")]
    [InlineData("save_to_memory", """{"content":["a"],"user":"u","conversationId":"a b"}""", "conversationId", "")]
    [InlineData("save_to_memory", """{"content":["a"],"user":"u","contents":["b"]}""", "contents", "Known here: content")]
    [InlineData("recall_from_memory", """{"user":"u"}""", "query", "required")]
    [InlineData("recall_from_memory", """{"user":"u","query":" "}""", "query", "")]
    [InlineData("recall_from_memory", """{"user":"u","query":7}""", "query", "text")]
    [InlineData("recall_from_memory", """{"user":"u","query":"q","limit":0}""", "limit", "1 to 50")]
    [InlineData("recall_from_memory", """{"user":"u","query":"q","limit":51}""", "limit", "1 to 50")]
    [InlineData("recall_from_memory", """{"user":"u","query":"q","limit":1.5}""", "limit", "whole number")]
    [InlineData("recall_from_memory", """{"user":"u","query":"q","limit":99999999999999999999}""", "limit", "whole number")]
    [InlineData("recall_from_memory", """{"user":"u","query":"q","minScore":2}""", "minScore", "0 to 1")]
    [InlineData("recall_from_memory", """{"user":"u","query":"q","kind":"word"}""", "kind", "turn or fact")]
    [InlineData("recall_from_memory", """{"user":"u","query":"q","cursor":"1.0.abc"}""", "cursor", "next")]
    [InlineData("recall_from_memory", """{"query":"q"}""", "user", "agent, user and session")]
    [InlineData("update_memory", """{"id":"x"}""", "text", "ttlSeconds")]
    [InlineData("update_memory", """{"text":"x"}""", "id", "required")]
    [InlineData("update_memory", """{"id":{},"text":"x"}""", "id", "text")]
    [InlineData("forget", "{}", "memoryIds", "either")]
    [InlineData("forget", """{"memoryIds":["a"],"conversationId":"c"}""", "memoryIds", "either")]
    [InlineData("forget", """{"conversationId":"a/b"}""", "conversationId", "")]
    [InlineData("search_history", """{"query":"q"}""", "user", "conversationId")]
    [InlineData("search_history", """{"query":"","user":"u"}""", "query", "")]
    [InlineData("search_history", """{"query":"-none","user":"u"}""", "query", "")]
    [InlineData("search_history", """{"query":"q","user":"u","cursor":"?"}""", "cursor", "")]
    [InlineData("read_conversation", "{}", "conversationId", "required")]
    [InlineData("read_conversation", """{"conversationId":""}""", "conversationId", "")]
    [InlineData("read_conversation", """{"conversationId":"c","order":"random"}""", "order", "newest_first")]
    [InlineData("read_conversation", """{"conversationId":"c","after":-1}""", "after", "0")]
    [InlineData("read_conversation", """{"conversationId":"c","before":0}""", "before", "1")]
    [InlineData("read_conversation", """{"conversationId":"c","cursor":"9223372036854775807.-1.x"}""", "cursor", "next")]
    [InlineData("list_conversations", """{"limit":null,"cursor":"?"}""", "cursor", "")]
    [InlineData("list_conversations", """{"user":["u"]}""", "user", "text")]
    public async Task A_wrong_argument_is_named_with_what_would_be_right(string tool, string arguments, string parameter, string hint)
    {
        await using McpConnection mcp = await McpConnection.ToAsync(_tenant);

        JsonElement error = await mcp.RefuseAsync("invalid-request", tool, arguments);

        Assert.Equal(parameter, error.GetProperty("parameter").GetString());
        Assert.StartsWith(parameter, error.GetProperty("message").GetString(), StringComparison.Ordinal);
        Assert.Contains(hint, error.GetProperty("message").GetString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("read_conversation", """{"conversationId":"nothing"}""", "conversation-not-found")]
    [InlineData("search_history", """{"conversationId":"nothing","query":"q"}""", "conversation-not-found")]
    [InlineData("update_memory", """{"id":"nothing","text":"x"}""", "memory-not-found")]
    public async Task What_there_is_not_is_told_so(string tool, string arguments, string code)
    {
        await using McpConnection mcp = await McpConnection.ToAsync(_tenant);

        await mcp.RefuseAsync(code, tool, arguments);
    }

    [Fact]
    public async Task What_is_too_large_is_told_with_the_limit()
    {
        await using McpConnection mcp = await McpConnection.ToAsync(_tenant);

        JsonElement error = await mcp.RefuseAsync(
            "payload-too-large",
            "save_to_memory",
            $$"""{"user":"u","content":["{{new string('x', 1024 * 1024 + 1)}}"]}"""
        );

        Assert.Equal((1024L * 1024, "content[0]"), (error.GetProperty("limit").GetInt64(), error.GetProperty("parameter").GetString()));
    }

    [Theory]
    [InlineData("2025-06-18", McpErrorCode.ResourceNotFound)]
    [InlineData("2026-07-28", McpErrorCode.InvalidParams)]
    public async Task Resources_and_prompts_fail_by_the_protocols_errors_with_the_code_in_their_data(string revision, McpErrorCode notFound)
    {
        await using McpConnection mcp = await McpConnection.ToAsync(_tenant, revision);
        Dictionary<string, object?> nobody = new() { ["question"] = "q" };

        Assert.Equal(
            (notFound, "conversation-not-found"),
            await FailAsync(() => mcp.Client.ReadResourceAsync("conversation://nothing").AsTask())
        );
        Assert.Equal(
            (McpErrorCode.InvalidParams, "invalid-request"),
            await FailAsync(() => mcp.Client.ReadResourceAsync("conversation://a/b").AsTask())
        );
        Assert.Equal(
            (McpErrorCode.InvalidParams, "invalid-request"),
            await FailAsync(() => mcp.Client.ReadResourceAsync("conversation://a?page=2").AsTask())
        );
        Assert.Equal(
            (McpErrorCode.InvalidParams, "invalid-request"),
            await FailAsync(() => mcp.Client.ReadResourceAsync("memory://ada").AsTask())
        );
        Assert.Equal(
            (McpErrorCode.InvalidParams, "invalid-request"),
            await FailAsync(() => mcp.Client.ReadResourceAsync("memory://user=a/user=b").AsTask())
        );
        Assert.Equal(
            (McpErrorCode.InvalidParams, "invalid-request"),
            await FailAsync(() => mcp.Client.GetPromptAsync("answer_from_memory", nobody).AsTask())
        );
        Assert.Equal(
            (McpErrorCode.InvalidParams, "invalid-request"),
            await FailAsync(() => mcp.Client.GetPromptAsync("continue_conversation").AsTask())
        );
        Assert.Equal((McpErrorCode.InvalidParams, null), await FailAsync(() => mcp.Client.GetPromptAsync("unheard_of").AsTask()));
        Assert.Equal((McpErrorCode.InvalidParams, null), await FailAsync(() => mcp.CallAsync("unheard_of", "{}")));

        static async Task<(McpErrorCode Code, string? Ours)> FailAsync<T>(Func<Task<T>> ask)
        {
            McpProtocolException failure = await Assert.ThrowsAsync<McpProtocolException>(ask);
            return (failure.ErrorCode, failure.Data["code"] as string);
        }
    }

    [Fact]
    public async Task Resources_and_prompts_give_what_tools_give()
    {
        await _tenant.AskAsync(
            HttpStatusCode.Created,
            "POST",
            "a@b/messages",
            """[{"role":"user","content":"Which </messages> train?"},{"role":"assistant","content":"The night train."}]"""
        );
        await _tenant.AskAsync(HttpStatusCode.OK, "PATCH", "a@b", """{"title":"Trains"}""");
        await using McpConnection mcp = await McpConnection.ToAsync(_tenant);
        for (int i = 0; i < 21; i++)
        {
            await mcp.AskAsync("save_to_memory", $$"""{"user":"ada l","content":["Fact {{i}}."]}""");
        }

        var listed = Assert.Single(await mcp.Client.ListResourcesAsync());
        string conversation = await ReadAsync(listed.Uri);
        string memories = await ReadAsync("memory://user=ada%20l");
        string next = memories.Split("There is more: ")[1];
        Dictionary<string, object?> asked = new() { ["question"] = "Fact 3?", ["user"] = "ada l" };
        var answer = await mcp.Client.GetPromptAsync("answer_from_memory", asked);
        var continued = await mcp.Client.GetPromptAsync(
            "continue_conversation",
            new Dictionary<string, object?> { ["conversationId"] = "a@b" }
        );

        Assert.Equal(
            ["conversation://{id}", "memory://{scope}"],
            (await mcp.Client.ListResourceTemplatesAsync()).Select(template => template.UriTemplate).Order(StringComparer.Ordinal)
        );
        Assert.Equal(
            ["answer_from_memory", "continue_conversation"],
            (await mcp.Client.ListPromptsAsync()).Select(prompt => prompt.Name).Order(StringComparer.Ordinal)
        );
        Assert.Equal("Trains", listed.Title);
        Assert.True(
            conversation.IndexOf("night train", StringComparison.Ordinal)
                < conversation.IndexOf(@"Which \u003C/messages\u003E train?", StringComparison.Ordinal),
            conversation
        );
        Assert.Equal((20, 1), (Count(memories, "Fact "), Count(await ReadAsync(next), "Fact ")));
        string text = Assert.IsType<ModelContextProtocol.Protocol.TextContentBlock>(Assert.Single(answer.Messages).Content).Text;
        Assert.Contains("\"Fact 3.\"", text, StringComparison.Ordinal);
        Assert.Contains("</memories>", text, StringComparison.Ordinal);
        string whole = Assert.IsType<ModelContextProtocol.Protocol.TextContentBlock>(Assert.Single(continued.Messages).Content).Text;
        Assert.True(whole.IndexOf("Which", StringComparison.Ordinal) < whole.IndexOf("night train", StringComparison.Ordinal), whole);

        async Task<string> ReadAsync(string uri) =>
            Assert
                .IsType<ModelContextProtocol.Protocol.TextResourceContents>(
                    Assert.Single((await mcp.Client.ReadResourceAsync(uri)).Contents)
                )
                .Text;

        static int Count(string text, string part) => text.Split(part).Length - 1;
    }
}
