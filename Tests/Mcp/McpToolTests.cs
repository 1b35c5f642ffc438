using System.Net;
using System.Text.Json;
using ModelContextProtocol.Client;
using ModelContextProtocol.Protocol;
using OrleansMemory.Tests.Support;
using Xunit;

namespace OrleansMemory.Tests.Mcp;

/// <summary>What the tools do, asked by the SDK's client over streamable HTTP.</summary>
public sealed partial class McpToolTests(SharedSilo silo)
{
    private static readonly string[] Names =
    [
        "forget",
        "list_conversations",
        "read_conversation",
        "recall_from_memory",
        "save_to_memory",
        "search_history",
        "update_memory",
    ];

    private readonly SiloTenant _tenant = silo.NewTenant();

    public static TheoryData<string?> Revisions => [.. McpConnection.Revisions];

    [Theory]
    [MemberData(nameof(Revisions))]
    public async Task Every_revision_of_the_protocol_saves_and_recalls(string? revision)
    {
        await using McpConnection mcp = await McpConnection.ToAsync(_tenant, revision);

        JsonElement saved = await mcp.AskAsync("save_to_memory", """{"user":"ada","content":["Ada never flies at night."]}""");
        CallToolResult recalled = await mcp.CallAsync("recall_from_memory", """{"user":"ada","query":"Does Ada fly at night?"}""");

        Assert.Equal(revision ?? "2026-07-28", mcp.Client.NegotiatedProtocolVersion);
        Assert.Equal("orleans-memory", mcp.Client.ServerInfo!.Name);
        Assert.Contains("recall_from_memory", mcp.Client.ServerInstructions, StringComparison.Ordinal);
        Assert.Equal(Names, (await mcp.Client.ListToolsAsync()).Select(tool => tool.Name));
        JsonElement memory = Assert.Single(recalled.StructuredContent!.Value.GetProperty("memories").EnumerateArray());
        Assert.Equal(
            (saved.GetProperty("memoryIds")[0].GetString(), "Ada never flies at night."),
            (memory.GetProperty("id").GetString(), memory.GetProperty("text").GetString())
        );
    }

    [Fact]
    public async Task Tools_say_what_they_take_give_and_do()
    {
        await using McpConnection mcp = await McpConnection.ToAsync(_tenant);

        foreach (McpClientTool tool in await mcp.Client.ListToolsAsync())
        {
            Tool told = tool.ProtocolTool;
            bool writes = told.Name is "save_to_memory" or "update_memory" or "forget";
            Assert.False(string.IsNullOrEmpty(told.Title) || string.IsNullOrEmpty(told.Description));
            Assert.Equal(
                (!writes, told.Name is "forget" or "update_memory", told.Name != "save_to_memory", false),
                (
                    told.Annotations!.ReadOnlyHint,
                    told.Annotations.DestructiveHint,
                    told.Annotations.IdempotentHint,
                    told.Annotations.OpenWorldHint
                )
            );
            Assert.All(
                told.InputSchema.GetProperty("properties").EnumerateObject(),
                argument => Assert.True(argument.Value.TryGetProperty("type", out _), argument.Name)
            );
            Assert.Equal("object", told.OutputSchema!.Value.GetProperty("type").GetString());
        }
    }

    [Fact]
    public async Task What_an_agent_knows_of_no_user_is_asked_for_by_without()
    {
        await using McpConnection mcp = await McpConnection.ToAsync(_tenant);
        await mcp.AskAsync("save_to_memory", """{"agent":"guide","user":"ada","content":["Ada likes lemons."]}""");
        await mcp.AskAsync("save_to_memory", """{"agent":"guide","content":["Lemons are sour."]}""");

        JsonElement all = await mcp.AskAsync("recall_from_memory", """{"agent":"guide","query":"lemons"}""");
        JsonElement own = await mcp.AskAsync("recall_from_memory", """{"agent":"guide","query":"lemons","without":["user"]}""");

        Assert.Equal(2, all.GetProperty("memories").GetArrayLength());
        Assert.Equal("Lemons are sour.", Assert.Single(own.GetProperty("memories").EnumerateArray()).GetProperty("text").GetString());
    }

    [Fact]
    public async Task The_data_of_every_answer_and_of_every_error_is_as_the_schema_has_it()
    {
        await using McpConnection mcp = await McpConnection.ToAsync(_tenant);
        string id = (await mcp.AskAsync("save_to_memory", """{"user":"ada","content":["Ada plays the cello."]}"""))
            .GetProperty("memoryIds")[0]
            .GetString()!;
        await SayAsync("schema", "Which instrument?");
        (string Tool, string Arguments)[] calls =
        [
            ("save_to_memory", """{"user":"ada","content":["More."],"ttlSeconds":60,"idempotencyKey":"k"}"""),
            ("recall_from_memory", """{"user":"ada","query":"cello"}"""),
            ("update_memory", $$"""{"id":"{{id}}","text":"Ada plays the viola."}"""),
            ("search_history", """{"conversationId":"schema","query":"instrument"}"""),
            ("read_conversation", """{"conversationId":"schema"}"""),
            ("list_conversations", "{}"),
            ("forget", """{"conversationId":"schema"}"""),
            ("forget", $$"""{"memoryIds":["{{id}}"]}"""),
        ];
        Dictionary<string, JsonElement> schemas = (await mcp.Client.ListToolsAsync()).ToDictionary(
            tool => tool.Name,
            tool => tool.ProtocolTool.OutputSchema!.Value
        );
        foreach ((string tool, string arguments) in calls)
        {
            JsonElement answer = await mcp.AskAsync(tool, arguments);
            SchemaMatch.Demand(answer, schemas[tool]);
            CallToolResult wrong = await mcp.CallAsync(tool, """{"nonsense":1}""");
            SchemaMatch.Demand(wrong.StructuredContent!.Value, schemas[tool]);
        }
    }

    [Fact]
    public async Task A_key_makes_saving_safe_to_repeat()
    {
        await using McpConnection mcp = await McpConnection.ToAsync(_tenant);
        const string Call = """{"user":"ada","content":["Ada has moved to Graz."],"idempotencyKey":"move"}""";

        JsonElement first = await mcp.AskAsync("save_to_memory", Call);
        JsonElement again = await mcp.AskAsync("save_to_memory", Call);
        JsonElement error = await mcp.RefuseAsync(
            "record-conflict",
            "save_to_memory",
            """{"user":"ada","content":["Something else."],"idempotencyKey":"move"}"""
        );

        Assert.Equal(first.GetProperty("memoryIds")[0].GetString(), again.GetProperty("memoryIds")[0].GetString());
        Assert.Equal((false, true), (first.GetProperty("replayed").GetBoolean(), again.GetProperty("replayed").GetBoolean()));
        Assert.Equal("move", error.GetProperty("key").GetString());
        Assert.Single(
            (await mcp.AskAsync("recall_from_memory", """{"user":"ada","query":"Graz"}""")).GetProperty("memories").EnumerateArray()
        );
    }

    [Fact]
    public async Task Updating_and_forgetting_are_safe_to_repeat()
    {
        await using McpConnection mcp = await McpConnection.ToAsync(_tenant);
        string id = (await mcp.AskAsync("save_to_memory", """{"user":"ada","content":["Ada drinks tea."]}"""))
            .GetProperty("memoryIds")[0]
            .GetString()!;
        string update = $$"""{"id":"{{id}}","text":"Ada drinks coffee.","expectedVersion":1}""";

        JsonElement updated = await mcp.AskAsync("update_memory", update);
        JsonElement repeated = await mcp.AskAsync("update_memory", update);
        JsonElement late = await mcp.RefuseAsync(
            "memory-changed",
            "update_memory",
            $$"""{"id":"{{id}}","text":"Ada drinks water.","expectedVersion":1}"""
        );
        JsonElement kept = await mcp.AskAsync("update_memory", $$"""{"id":"{{id}}","ttlSeconds":null}""");
        JsonElement forgotten = await mcp.AskAsync("forget", $$"""{"memoryIds":["{{id}}","{{id}}"]}""");
        JsonElement gone = await mcp.AskAsync("forget", $$"""{"memoryIds":["{{id}}"]}""");

        Assert.Equal((true, 2L), (updated.GetProperty("changed").GetBoolean(), updated.GetProperty("version").GetInt64()));
        Assert.Equal((false, 2L), (repeated.GetProperty("changed").GetBoolean(), repeated.GetProperty("version").GetInt64()));
        Assert.Equal(2, late.GetProperty("actualVersion").GetInt64());
        Assert.True(kept.GetProperty("changed").GetBoolean());
        Assert.Equal((1, 0), (forgotten.GetProperty("forgotten").GetArrayLength(), forgotten.GetProperty("notFound").GetArrayLength()));
        Assert.Equal((0, id), (gone.GetProperty("forgotten").GetArrayLength(), gone.GetProperty("notFound")[0].GetString()));
        await mcp.RefuseAsync("memory-not-found", "update_memory", update);
    }

    [Fact]
    public async Task A_conversation_is_forgotten_with_what_was_saved_from_it_and_the_trail_says_by_whom()
    {
        await using McpConnection mcp = await McpConnection.ToAsync(_tenant);
        await SayAsync("forgotten", "one", "two");
        await mcp.AskAsync("save_to_memory", """{"user":"ada","content":["Said there."],"conversationId":"forgotten"}""");

        JsonElement deleted = await mcp.AskAsync("forget", """{"conversationId":"forgotten"}""");
        JsonElement gone = await mcp.AskAsync("forget", """{"conversationId":"forgotten"}""");

        Assert.Equal((true, 2L), (deleted.GetProperty("conversationDeleted").GetBoolean(), deleted.GetProperty("messages").GetInt64()));
        Assert.False(gone.GetProperty("conversationDeleted").GetBoolean());
        Assert.Empty(
            (await mcp.AskAsync("recall_from_memory", """{"user":"ada","query":"said"}""")).GetProperty("memories").EnumerateArray()
        );
        JsonElement trail = await _tenant.AskAsync(HttpStatusCode.OK, "GET", "/v1/audit?conversationId=forgotten");
        Assert.Contains(
            trail.GetProperty("records").EnumerateArray(),
            record =>
                record.GetProperty("action").GetString() == "conversation.delete"
                && record.GetProperty("actor").GetString()!.StartsWith("TenantAdministrator", StringComparison.Ordinal)
        );
    }

    private async Task SayAsync(string conversation, params string[] texts)
    {
        string messages = string.Join(',', texts.Select(text => $$"""{"role":"user","content":{{JsonSerializer.Serialize(text)}}}"""));
        await _tenant.AskAsync(HttpStatusCode.Created, "POST", $"{conversation}/messages", $"[{messages}]");
    }
}
