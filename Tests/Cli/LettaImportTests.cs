using System.Text.Json;
using OrleansMemory.Cli;
using OrleansMemory.Tests.Support;
using Xunit;

namespace OrleansMemory.Tests.Cli;

/// <summary>Agent Files of Letta, of the present form and the earlier one, as conversations.</summary>
public sealed class LettaImportTests(SharedSilo silo) : IDisposable
{
    private const string Present = """
        {
          "agents": [
            {
              "name": "guide", "agent_type": "letta_v1_agent", "system": "You guide people.", "description": "A guide.", "tags": ["travel"],
              "llm_config": {"model": "small-1"}, "block_ids": ["block-0", "block-2"], "tool_exec_environment_variables": {"KEY": null}, "tool_rules": [{"type": "exit_loop"}],
              "id": "agent-0", "in_context_message_ids": ["message-0", "message-1"],
              "messages": [
                {"type": "message", "id": "message-0", "role": "system", "content": [{"type": "text", "text": "You guide people."}], "created_at": "2026-01-02T03:04:05.678901+00:00"},
                {"type": "message", "id": "message-1", "role": "user", "name": "Ana", "content": "Where to?", "created_at": "2026-01-02T03:05:00+00:00"},
                {"type": "message", "id": "message-2", "role": "assistant", "model": "small-1", "created_at": "2026-01-02T03:05:01+00:00",
                 "content": [{"type": "reasoning", "is_native": true, "reasoning": "She likes hills.", "signature": "c2ln"}, {"type": "text", "text": "Let me look."}, {"type": "omitted_reasoning"}],
                 "tool_calls": [{"id": "call-1", "type": "function", "function": {"name": "look_up", "arguments": "{\"place\": \"Lisbon\"}"}}]},
                {"type": "message", "id": "message-3", "role": "tool", "name": "look_up", "tool_call_id": "call-1", "created_at": "2026-01-02T03:05:02+00:00",
                 "content": [{"type": "text", "text": "seven hills"}], "tool_returns": [{"tool_call_id": "call-1", "status": "error", "func_response": "seven hills"}]},
                {"type": "message", "id": "message-4", "role": "assistant", "content": [{"type": "hologram", "shape": 7}], "created_at": "2026-01-02T03:05:03+00:00"},
                {"type": "message", "id": "message-5", "role": "assistant", "content": [], "created_at": "2026-01-02T03:05:04+00:00"},
                {"type": "message", "id": "message-6", "role": "user", "created_at": null,
                 "content": [{"type": "image", "source": {"type": "base64", "media_type": "image/png", "data": "iVBORw0KGgo="}}, {"type": "image", "source": {"type": "letta", "file_id": "file-9"}}]}
              ]
            }
          ],
          "blocks": [
            {"id": "block-0", "label": "human", "value": "Name: Ana", "limit": 5000, "description": "The human.", "read_only": false},
            {"id": "block-1", "label": "other", "value": "not this agent's"},
            {"id": "block-2", "label": "human", "value": "a second of that name"}
          ],
          "groups": [], "files": [], "sources": [], "tools": [{"name": "look_up", "source_code": "def look_up(): pass"}], "mcp_servers": [], "created_at": "2026-01-03T00:00:00+00:00"
        }
        """;

    private const string Earlier = """
        {
          "agent_type": "memgpt_agent", "core_memory": [{"label": "persona", "value": "I am kind.", "limit": 5000}], "created_at": "2025-01-01T00:00:00+00:00",
          "in_context_message_indices": [0, 1], "name": "old", "system": "Be kind.", "tools": [], "tags": [{"tag": "x"}],
          "tool_exec_environment_variables": [{"key": "K", "value": "planted-secret"}],
          "messages": [
            {"created_at": "2025-01-01T00:00:01+00:00", "role": "user", "content": [{"type": "text", "text": "Hello."}], "tool_calls": [], "tool_returns": []},
            {"created_at": "2025-01-01T00:00:02+00:00", "role": "assistant", "content": [{"type": "text", "text": "thinking"}], "tool_calls": [{"id": "c", "type": "function", "function": {"name": "send_message", "arguments": "not json"}}], "tool_returns": []},
            {"created_at": "2025-01-01T00:00:03+00:00", "role": "tool", "tool_call_id": "c", "content": [{"type": "text", "text": "{\"status\": \"OK\"}"}], "tool_calls": [], "tool_returns": [{"status": "success", "stdout": null, "stderr": null}]}
          ]
        }
        """;

    private readonly SiloTenant _tenant = silo.NewTenant();
    private readonly string _folder = Directory.CreateTempSubdirectory("omem").FullName;

    private OmemTool Tool => new(_tenant);

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task Messages_calls_results_reasoning_and_blocks_become_a_conversation()
    {
        JsonElement report = await ImportAsync(Present, "--user", "ana", "--conversation", "guide");

        JsonElement conversation = await ReadAsync("guide");
        JsonElement settings = conversation.GetProperty("settings");
        Assert.Equal(
            ("ana", "guide", "guide"),
            (
                settings.GetProperty("userId").GetString(),
                settings.GetProperty("agentId").GetString(),
                settings.GetProperty("title").GetString()
            )
        );
        Assert.Equal("small-1", settings.GetProperty("metadata").GetProperty("model").GetString());
        string[] messages =
        [
            .. conversation
                .GetProperty("messages")
                .EnumerateArray()
                .Select(static message =>
                    $"{message.GetProperty("messageId")} {message.GetProperty("role")} {message.GetProperty("createdAt")} {message.GetProperty("contents")}"
                ),
        ];
        Assert.Equal(6, messages.Length);
        Assert.Equal("""message-0 system 2026-01-02T03:04:05.678901+00:00 [{"$type":"text","text":"You guide people."}]""", messages[0]);
        Assert.Equal(
            """message-2 assistant 2026-01-02T03:05:01+00:00 [{"$type":"reasoning","text":"She likes hills.","protectedData":"c2ln"},{"$type":"text","text":"Let me look."},{"$type":"functionCall","name":"look_up","arguments":{"place":"Lisbon"},"callId":"call-1"}]""",
            WithoutFlags(messages[2])
        );
        Assert.Equal(
            """message-3 tool 2026-01-02T03:05:02+00:00 [{"$type":"functionResult","result":"seven hills","callId":"call-1"}]""",
            messages[3]
        );
        Assert.Contains("hologram", messages[4], StringComparison.Ordinal);
        Assert.Contains("data:image/png;base64,iVBORw0KGgo=", messages[5], StringComparison.Ordinal);
        Assert.Contains("letta-file:file-9", messages[5], StringComparison.Ordinal);
        Assert.Contains("2026-01-02T03:05:03+00:00", messages[5], StringComparison.Ordinal);
        Assert.Contains(
            "failedCalls",
            conversation.GetProperty("messages")[3].GetProperty("additionalProperties").GetRawText(),
            StringComparison.Ordinal
        );
        Assert.Equal("Ana", conversation.GetProperty("messages")[1].GetProperty("authorName").GetString());
        Assert.Equal(
            ["block:human", "block:human#2", "inContext", "system"],
            conversation
                .GetProperty("entries")
                .EnumerateArray()
                .Where(static entry => entry.GetProperty("space").GetString() == "session:letta")
                .Select(static entry => entry.GetProperty("key").GetString()!)
                .Order(StringComparer.Ordinal)
        );
        Assert.Equal(
            "Name: Ana",
            (await _tenant.Http.AskAsync(System.Net.HttpStatusCode.OK, "GET", "/v1/conversations/guide/entries/letta/block%3Ahuman"))
                .GetProperty("value")
                .GetProperty("value")
                .GetString()
        );
        string notes = report.GetProperty("notes").GetRawText();
        foreach (
            string said in new[]
            {
                "unknown type 'hologram'",
                "empty messages",
                "tools: left out",
                "tool_rules: left out",
                "secrets and environment",
                "Letta itself omitted",
                "without a time",
                "only Letta's server",
            }
        )
        {
            Assert.Contains(
                said,
                JsonDocument
                    .Parse(notes)
                    .RootElement.EnumerateArray()
                    .Select(static note => note.GetProperty("what").GetString()!)
                    .Aggregate(string.Concat),
                StringComparison.Ordinal
            );
        }
    }

    [Fact]
    public async Task The_earlier_form_is_read_and_no_secret_of_it_is_kept()
    {
        await ImportAsync(Earlier, "--conversation", "old");

        string export = (await ReadAsync("old")).GetRawText();
        Assert.Contains(
            """{"$type":"functionResult","result":"{\"status\": \"OK\"}","callId":"c"}""",
            export.Replace("\\u0022", "\\\"", StringComparison.Ordinal),
            StringComparison.Ordinal
        );
        Assert.Contains("\"input\":\"not json\"", export, StringComparison.Ordinal);
        Assert.Contains("block:persona", export, StringComparison.Ordinal);
        Assert.DoesNotContain("planted-secret", export, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Importing_again_writes_nothing_and_a_file_within_a_text_is_the_same()
    {
        JsonElement first = await ImportAsync(Present);
        JsonElement again = await ImportAsync(Present);
        JsonElement within = await ImportAsync(JsonSerializer.Serialize(Present + new string(' ', 100_000)));

        Assert.Equal(1, first.GetProperty("imported").GetProperty("conversations").GetInt64());
        Assert.Equal(
            (0, 1),
            (again.GetProperty("imported").GetProperty("conversations").GetInt64(), again.GetProperty("unchanged").GetInt64())
        );
        Assert.Equal(
            (0, 1),
            (within.GetProperty("imported").GetProperty("conversations").GetInt64(), within.GetProperty("unchanged").GetInt64())
        );
        Assert.Single((await Tool.DoAsync("conversations", "--json")).Split('\n', StringSplitOptions.RemoveEmptyEntries));
    }

    [Theory]
    [InlineData("""{"agents":[{"name":"a","messages":[{"content":"x"}]}]}""", "agent 1, message 1")]
    [InlineData(
        """{"agents":[{"name":"a","messages":[{"id":"m","role":"user","content":"x"},{"id":"m","role":"user","content":"y"}]}]}""",
        "agent 1, message 2"
    )]
    [InlineData("""{"agents":[7]}""", "agent 1 is no object")]
    [InlineData("""{"agents":[{"name":"a","mess""", "line 1, byte")]
    [InlineData("\"no agent file\"", "this is no JSON")]
    public async Task What_is_wrong_with_a_file_is_said_with_where(string json, string said)
    {
        string file = Path.Combine(_folder, "a.af");
        await File.WriteAllTextAsync(file, json);

        (int exitCode, _, string error) = await Tool.RunAsync("import", file, "--format", "letta");

        Assert.Equal(ExitCodes.Malformed, exitCode);
        Assert.Contains(said, error, StringComparison.Ordinal);
        Assert.Single(error.TrimEnd().Split('\n'));
    }

    private static string WithoutFlags(string text) => text.Replace(",\"informationalOnly\":false", string.Empty, StringComparison.Ordinal);

    private async Task<JsonElement> ImportAsync(string json, params string[] arguments)
    {
        string file = Path.Combine(_folder, "agent.af");
        await File.WriteAllTextAsync(file, json);
        return JsonDocument.Parse(await Tool.DoAsync(["import", file, "--json", .. arguments])).RootElement;
    }

    private Task<JsonElement> ReadAsync(string conversation) =>
        _tenant.Http.AskAsync(System.Net.HttpStatusCode.OK, "GET", $"/v1/conversations/{conversation}/export");
}
