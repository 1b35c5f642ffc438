using System.IO.Pipelines;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using ModelContextProtocol;
using ModelContextProtocol.Client;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;
using OrleansMemory.Client;
using OrleansMemory.Conversations;
using OrleansMemory.Mcp;
using OrleansMemory.Tests.Support;
using Xunit;

namespace OrleansMemory.Tests.Mcp;

/// <summary>The tools over a pair of streams, as over stdio: with grains at hand, and as a relay of a server that speaks HTTP.</summary>
public sealed class McpStreamTests(SharedHosts hosts, SharedSilo silo)
{
    public static TheoryData<string?> Revisions => [.. McpConnection.Revisions];

    [Theory]
    [MemberData(nameof(Revisions))]
    public async Task A_process_serves_its_one_caller_over_streams(string? revision)
    {
        IGrainFactory grains = (await hosts.InMemoryAsync()).Grains;
        string tenant = SharedHosts.NewTenant();
        await new ConversationClientOf(grains)
            .Client.Get(tenant, "of-bob")
            .SetSettingsAsync(
                new SettingsChange
                {
                    Fields = SettingsFields.UserId,
                    Values = new ConversationSettings { UserId = "bob" },
                }
            );

        await ServeAsync(
            (input, output, ended) => RunAsync(grains, new McpCaller { Tenant = tenant, UserId = "ada" }, input, output, ended),
            revision,
            async mcp =>
            {
                await mcp.AskAsync("save_to_memory", """{"content":["Ada never flies at night."]}""");
                JsonElement recalled = await mcp.AskAsync("recall_from_memory", """{"query":"night flights"}""");

                Assert.Equal(revision ?? "2026-07-28", mcp.Client.NegotiatedProtocolVersion);
                Assert.Equal("ada", Assert.Single(recalled.GetProperty("memories").EnumerateArray()).GetProperty("user").GetString());
                await mcp.RefuseAsync("conversation-not-found", "read_conversation", """{"conversationId":"of-bob"}""");
                await mcp.RefuseAsync("user-not-allowed", "recall_from_memory", """{"user":"bob","query":"x"}""");
                await mcp.RefuseAsync("invalid-request", "save_to_memory", """{"content":"no list"}""");
                Assert.Equal("memory://user=ada", (await mcp.Client.ListResourcesAsync())[0].Uri);
            }
        );
    }

    [Fact]
    public async Task A_caller_who_may_not_write_is_shown_no_tool_that_does()
    {
        IGrainFactory grains = (await hosts.InMemoryAsync()).Grains;

        await ServeAsync(
            (input, output, ended) =>
                RunAsync(grains, new McpCaller { Tenant = SharedHosts.NewTenant(), MayWrite = false }, input, output, ended),
            null,
            async mcp =>
            {
                Assert.Equal(
                    ["list_conversations", "read_conversation", "recall_from_memory", "search_history"],
                    (await mcp.Client.ListToolsAsync()).Select(tool => tool.Name)
                );
                await mcp.RefuseAsync("role-too-low", "save_to_memory", """{"user":"u","content":["x"]}""");
            }
        );
    }

    [Theory]
    [MemberData(nameof(Revisions))]
    public async Task A_relay_gives_what_the_server_gives(string? revision)
    {
        SiloTenant tenant = silo.NewTenant();
        await using McpConnection direct = await McpConnection.ToAsync(tenant);
        await direct.AskAsync("save_to_memory", """{"user":"ada","content":["Ada never flies at night."]}""");
        const string Question = """{"user":"ada","query":"night flights"}""";

        await ServeAsync(
            (input, output, ended) =>
                McpRelay.RunAsync(tenant.Http, new Uri(tenant.Http.BaseAddress!, "/mcp"), input, output, cancellationToken: ended),
            revision,
            async mcp =>
            {
                Assert.Equal(
                    ("orleans-memory", revision ?? "2026-07-28"),
                    (mcp.Client.ServerInfo!.Name, mcp.Client.NegotiatedProtocolVersion)
                );
                Assert.Equal(
                    (await direct.Client.ListToolsAsync()).Select(tool => JsonSerializer.Serialize(tool.ProtocolTool)),
                    (await mcp.Client.ListToolsAsync()).Select(tool => JsonSerializer.Serialize(tool.ProtocolTool))
                );
                Assert.Equal(
                    (await direct.AskAsync("recall_from_memory", Question)).GetRawText(),
                    (await mcp.AskAsync("recall_from_memory", Question)).GetRawText()
                );
                await mcp.RefuseAsync("invalid-request", "recall_from_memory", """{"query":5}""");
                Assert.Equal(2, (await mcp.Client.ListPromptsAsync()).Count);
                Assert.Equal(2, (await mcp.Client.ListResourceTemplatesAsync()).Count);
                Assert.Empty(await mcp.Client.ListResourcesAsync());
                Assert.Contains(
                    "never flies",
                    Assert
                        .IsType<TextResourceContents>(Assert.Single((await mcp.Client.ReadResourceAsync("memory://user=ada")).Contents))
                        .Text,
                    StringComparison.Ordinal
                );
                Assert.Single(
                    (
                        await mcp.Client.GetPromptAsync(
                            "answer_from_memory",
                            new Dictionary<string, object?> { ["question"] = "Nights?", ["user"] = "ada" }
                        )
                    ).Messages
                );
                McpProtocolException missing = await Assert.ThrowsAsync<McpProtocolException>(() =>
                    mcp.Client.ReadResourceAsync("conversation://nothing").AsTask()
                );
                Assert.Equal("conversation-not-found", missing.Data["code"]);
            }
        );
    }

    [Fact]
    public async Task A_relay_with_a_key_that_is_not_known_does_not_begin()
    {
        SiloTenant tenant = silo.NewTenant();
        using var http = new HttpClient(new Unkeyed(tenant.Http), disposeHandler: false) { BaseAddress = tenant.Http.BaseAddress };

        Exception failure = await Assert.ThrowsAnyAsync<Exception>(() =>
            McpRelay.RunAsync(http, new Uri(tenant.Http.BaseAddress!, "/mcp"), Stream.Null, Stream.Null)
        );

        Assert.Contains("key-unknown", failure.ToString(), StringComparison.Ordinal);
    }

    private static async Task RunAsync(IGrainFactory grains, McpCaller caller, Stream input, Stream output, CancellationToken ended)
    {
        ServiceCollection services = new();
        services.AddLogging().AddSingleton(grains).AddOrleansMemoryClient();
        services.AddMcpServer().WithStreamServerTransport(input, output).WithOrleansMemory(caller);
        await using ServiceProvider provider = services.BuildServiceProvider();
        await provider.GetRequiredService<McpServer>().RunAsync(ended);
    }

    private static async Task ServeAsync(
        Func<Stream, Stream, CancellationToken, Task> serve,
        string? revision,
        Func<McpConnection, Task> ask
    )
    {
        Pipe toServer = new();
        Pipe toClient = new();
        using var ended = new CancellationTokenSource();
        Task serving = serve(toServer.Reader.AsStream(), toClient.Writer.AsStream(), ended.Token);
        await using (
            var mcp = new McpConnection(
                await McpClient.CreateAsync(
                    new StreamClientTransport(toServer.Writer.AsStream(), toClient.Reader.AsStream()),
                    McpConnection.Options(revision)
                )
            )
        )
        {
            await ask(mcp);
        }

        // The input has ended with the client, and with it the server.
        await toServer.Writer.CompleteAsync();
        await serving.WaitAsync(TimeSpan.FromSeconds(30));
    }

    /// <summary>A client over grains.</summary>
    private sealed class ConversationClientOf(IGrainFactory grains)
    {
        public ConversationClient Client { get; } =
            new ServiceCollection()
                .AddLogging()
                .AddSingleton(grains)
                .AddOrleansMemoryClient()
                .BuildServiceProvider()
                .GetRequiredService<ConversationClient>();
    }

    /// <summary>Sends requests with a key that does not exist.</summary>
    private sealed class Unkeyed(HttpClient http) : HttpMessageHandler
    {
        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            var copy = new HttpRequestMessage(request.Method, request.RequestUri) { Content = request.Content };
            foreach ((string name, IEnumerable<string> values) in request.Headers)
            {
                copy.Headers.TryAddWithoutValidation(name, values);
            }

            copy.Headers.TryAddWithoutValidation("Authorization", "Bearer key-that-nobody-has");
            return await http.SendAsync(copy, cancellationToken);
        }
    }
}
