using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using Microsoft.Extensions.Logging;
using ModelContextProtocol;
using ModelContextProtocol.Protocol;
using OrleansMemory.Tests.Support;
using Xunit;

namespace OrleansMemory.Tests.Mcp;

/// <summary>Keys, roles, tenants and users decide what tools, resources and prompts see and change.</summary>
public sealed class McpAccessTests(McpAccessTests.App app) : IClassFixture<McpAccessTests.App>
{
    private const string Ping = """{"jsonrpc":"2.0","id":1,"method":"ping"}""";
    private const string Secret = "marked-secret";

    private static readonly (string, string) Accept = ("Accept", "application/json, text/event-stream");

    [Fact]
    public async Task Without_a_key_that_is_known_nothing_is_served()
    {
        await app.RefuseAsync(HttpStatusCode.Unauthorized, "key-missing", "POST", "/mcp", Ping, Accept);
        await app.RefuseAsync(
            HttpStatusCode.Forbidden,
            "key-unknown",
            "POST",
            "/mcp",
            Ping,
            Accept,
            ("Authorization", "Bearer key-that-nobody-has")
        );
        await app.RefuseAsync(
            HttpStatusCode.BadRequest,
            "invalid-request",
            "POST",
            "/mcp",
            Ping,
            Accept,
            ("Authorization", "Bearer " + App.Operator)
        );
        await app.RefuseAsync(
            HttpStatusCode.Forbidden,
            "tenant-not-yours",
            "POST",
            "/mcp",
            Ping,
            Accept,
            ("Authorization", "Bearer " + App.Reader),
            ("OrleansMemory-Tenant", "t")
        );
    }

    [Fact]
    public async Task A_reader_reads_and_is_shown_no_tool_that_writes()
    {
        await using McpConnection reader = await ConnectAsync(App.Reader);
        await using McpConnection writer = await ConnectAsync(App.Writer);
        string id = (await writer.AskAsync("save_to_memory", """{"user":"reader","content":["Trains."]}"""))
            .GetProperty("memoryIds")[0]
            .GetString()!;

        Assert.Equal(
            ["list_conversations", "read_conversation", "recall_from_memory", "search_history"],
            (await reader.Client.ListToolsAsync()).Select(tool => tool.Name)
        );
        Assert.Equal(7, (await writer.Client.ListToolsAsync()).Count);
        await reader.RefuseAsync("role-too-low", "save_to_memory", """{"user":"reader","content":["x"]}""");
        await reader.RefuseAsync("role-too-low", "update_memory", $$"""{"id":"{{id}}","text":"x"}""");
        await reader.RefuseAsync("role-too-low", "forget", $$"""{"memoryIds":["{{id}}"]}""");
        Assert.Equal(
            "Trains.",
            Assert
                .Single(
                    (await reader.AskAsync("recall_from_memory", """{"user":"reader","query":"trains"}"""))
                        .GetProperty("memories")
                        .EnumerateArray()
                )
                .GetProperty("text")
                .GetString()
        );
    }

    [Fact]
    public async Task Tenants_do_not_see_each_other_and_an_operator_names_one()
    {
        await using McpConnection mine = await ConnectAsync(App.Writer);
        await using McpConnection other = await ConnectAsync(App.Other);
        await using McpConnection operatorOfMine = await ConnectAsync(App.Operator, ("OrleansMemory-Tenant", "t"));
        await MakeAsync("shared-name", null);
        string id = (await mine.AskAsync("save_to_memory", """{"user":"tenants","content":["Ours."]}"""))
            .GetProperty("memoryIds")[0]
            .GetString()!;

        await other.RefuseAsync("conversation-not-found", "read_conversation", """{"conversationId":"shared-name"}""");
        await other.RefuseAsync("memory-not-found", "update_memory", $$"""{"id":"{{id}}","text":"x"}""");
        Assert.Empty(
            (await other.AskAsync("recall_from_memory", """{"user":"tenants","query":"ours"}""")).GetProperty("memories").EnumerateArray()
        );
        Assert.Single(
            (await operatorOfMine.AskAsync("recall_from_memory", """{"user":"tenants","query":"ours"}"""))
                .GetProperty("memories")
                .EnumerateArray()
        );
    }

    [Fact]
    public async Task A_key_of_a_user_needs_not_name_it_and_sees_and_changes_nothing_of_others()
    {
        await MakeAsync("ada-1", "ada");
        await MakeAsync("bob-1", "bob");
        await MakeAsync("nobody-1", null);
        await using McpConnection writer = await ConnectAsync(App.Writer);
        string ofBob = (await writer.AskAsync("save_to_memory", $$"""{"user":"bob","session":"s","content":["{{Secret}} of bob"]}"""))
            .GetProperty("memoryIds")[0]
            .GetString()!;
        string ofNobody = (await writer.AskAsync("save_to_memory", $$"""{"session":"s","content":["{{Secret}} of nobody"]}"""))
            .GetProperty("memoryIds")[0]
            .GetString()!;
        await using McpConnection ada = await ConnectAsync(App.Ada);
        string own = (await ada.AskAsync("save_to_memory", $$"""{"content":["{{Secret}} of ada"]}"""))
            .GetProperty("memoryIds")[0]
            .GetString()!;

        List<string> told = [];
        foreach (string id in (string[])["bob-1", "nobody-1", "missing"])
        {
            JsonElement error = await ada.RefuseAsync("conversation-not-found", "read_conversation", $$"""{"conversationId":"{{id}}"}""");
            told.Add(error.GetRawText().Replace(id, "", StringComparison.Ordinal));
            await ada.RefuseAsync("conversation-not-found", "search_history", $$"""{"conversationId":"{{id}}","query":"{{Secret}}"}""");
            JsonElement deleted = await ada.AskAsync("forget", $$"""{"conversationId":"{{id}}"}""");
            Assert.Equal("""{"forgotten":[],"notFound":[],"conversationDeleted":false,"messages":0}""", deleted.GetRawText());
            McpProtocolException unread = await Assert.ThrowsAsync<McpProtocolException>(() =>
                ada.Client.ReadResourceAsync($"conversation://{id}").AsTask()
            );
            Assert.Equal("conversation-not-found", unread.Data["code"]);
            McpProtocolException unprompted = await Assert.ThrowsAsync<McpProtocolException>(() =>
                ada.Client.GetPromptAsync("continue_conversation", new Dictionary<string, object?> { ["conversationId"] = id }).AsTask()
            );
            Assert.Equal("conversation-not-found", unprompted.Data["code"]);
        }

        // Word for word what is said of an id that does not exist.
        Assert.Single(told.Distinct());
        foreach (string id in (string[])[ofBob, ofNobody, "missing"])
        {
            await ada.RefuseAsync("memory-not-found", "update_memory", $$"""{"id":"{{id}}","text":"mine"}""");
            Assert.Equal(id, (await ada.AskAsync("forget", $$"""{"memoryIds":["{{id}}"]}""")).GetProperty("notFound")[0].GetString());
        }

        foreach (
            (string tool, string arguments) in new[]
            {
                ("save_to_memory", """{"user":"bob","content":["x"]}"""),
                ("recall_from_memory", """{"user":"bob","query":"x"}"""),
                ("search_history", """{"user":"bob","query":"x"}"""),
                ("list_conversations", """{"user":"bob"}"""),
            }
        )
        {
            await ada.RefuseAsync("user-not-allowed", tool, arguments);
        }

        McpProtocolException refused = await Assert.ThrowsAsync<McpProtocolException>(() =>
            ada.Client.ReadResourceAsync("memory://user=bob").AsTask()
        );
        Assert.Equal("user-not-allowed", refused.Data["code"]);
        List<string> seen =
        [
            (await ada.AskAsync("recall_from_memory", $$"""{"query":"{{Secret}}"}""")).GetRawText(),
            (await ada.AskAsync("recall_from_memory", $$"""{"session":"s","query":"{{Secret}}"}""")).GetRawText(),
            (await ada.AskAsync("search_history", $$"""{"query":"{{Secret}}"}""")).GetRawText(),
            (await ada.AskAsync("list_conversations", "{}")).GetRawText(),
            string.Join(' ', (await ada.Client.ListResourcesAsync()).Select(resource => resource.Uri)),
            Text(await ada.Client.ReadResourceAsync("memory://session=s")),
            Text(await ada.Client.ReadResourceAsync("memory://user=ada")),
        ];
        Assert.All(seen, text => Assert.DoesNotContain("bob", text, StringComparison.Ordinal));
        Assert.All(seen, text => Assert.DoesNotContain("nobody", text, StringComparison.Ordinal));
        Assert.Contains("ada-1", seen[3], StringComparison.Ordinal);
        Assert.Contains("memory://user=ada", seen[4], StringComparison.Ordinal);
        Assert.Contains(own, seen[6], StringComparison.Ordinal);
        await writer.AskAsync("read_conversation", """{"conversationId":"bob-1"}""");
        Assert.Equal(
            2,
            (await writer.AskAsync("recall_from_memory", $$"""{"session":"s","query":"{{Secret}}"}"""))
                .GetProperty("memories")
                .GetArrayLength()
        );
    }

    [Fact]
    public async Task Logs_have_no_texts_no_addresses_and_no_messages()
    {
        await using McpConnection writer = await ConnectAsync(App.Writer);
        await writer.AskAsync("save_to_memory", $$"""{"user":"{{Secret}}","content":["{{Secret}}"]}""");
        await writer.CallAsync("recall_from_memory", $$"""{"user":"{{Secret}}","query":"{{Secret}}","wrong":"{{Secret}}"}""");
        await Assert.ThrowsAsync<McpProtocolException>(() => writer.Client.ReadResourceAsync($"conversation://{Secret}").AsTask());
        await Assert.ThrowsAsync<McpProtocolException>(() => writer.CallAsync(Secret, "{}"));
        await app.SendAsync(
            "POST",
            "/mcp",
            $$$"""{"jsonrpc":"2.0","id":1,"method":"initialize","params":{"{{{Secret}}}":1}}""",
            Accept,
            ("Authorization", "Bearer " + App.Writer)
        );

        Assert.NotEmpty(app.Logs.Lines);
        Assert.DoesNotContain(app.Logs.Lines, line => line.Contains(Secret, StringComparison.Ordinal));
    }

    private static string Text(ReadResourceResult read) => Assert.IsType<TextResourceContents>(Assert.Single(read.Contents)).Text;

    private static async Task<McpConnection> ConnectAsync(App app, string key, params (string Name, string Value)[] headers)
    {
        HttpClient http = app.CreateClient();
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", key);
        foreach ((string name, string value) in headers)
        {
            http.DefaultRequestHeaders.Add(name, value);
        }

        return await McpConnection.ToAsync(http);
    }

    private Task<McpConnection> ConnectAsync(string key, params (string Name, string Value)[] headers) => ConnectAsync(app, key, headers);

    private Task<JsonElement> MakeAsync(string id, string? user)
    {
        string settings = user is null ? "{}" : $"{{\"userId\":\"{user}\"}}";
        return app.AskAsync(
            HttpStatusCode.Created,
            "POST",
            $"{id}/turns",
            $$"""{"settings":{{settings}},"messages":[{"role":"user","content":"{{Secret}} of {{user ?? "nobody"}}"}]}""",
            ("Authorization", "Bearer " + App.Writer)
        );
    }

    public sealed class App : SiloApp
    {
        public const string Reader = "key-of-the-reader";
        public const string Writer = "key-of-the-writer";
        public const string Other = "key-of-another-tenant";
        public const string Operator = "key-of-the-operator";
        public const string Ada = "key-of-the-user-ada";

        public App()
        {
            (string Key, string Role, string? Tenant, string? User)[] keys =
            [
                (Reader, "Reader", "t", null),
                (Writer, "Writer", "t", null),
                (Other, "Writer", "other", null),
                (Operator, "Operator", null, null),
                (Ada, "Writer", "t", "ada"),
            ];
            for (int i = 0; i < keys.Length; i++)
            {
                foreach (
                    (string field, string? value) in new[]
                    {
                        ("Key", keys[i].Key),
                        ("Role", keys[i].Role),
                        ("Tenant", keys[i].Tenant),
                        ("User", keys[i].User),
                    }
                )
                {
                    if (value is not null)
                    {
                        With($"OrleansMemory:ApiKeys:{i}:{field}", value);
                    }
                }
            }

            WithLogs(Logs);
            With("Logging:LogLevel:Default", nameof(LogLevel.Information));
        }

        public LogLines Logs { get; } = new();
    }
}
