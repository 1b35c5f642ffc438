using System.Text.Json;
using ModelContextProtocol.Client;
using ModelContextProtocol.Protocol;
using OrleansMemory.Tests.Support;
using Xunit;

namespace OrleansMemory.Tests.Mcp;

/// <summary>The SDK's own client at a server.</summary>
internal sealed class McpConnection(McpClient client) : IAsyncDisposable
{
    /// <summary>Every revision of the protocol that the SDK speaks; null takes its newest.</summary>
    public static readonly string?[] Revisions = ["2024-11-05", "2025-03-26", "2025-06-18", "2025-11-25", "2026-07-28", null];

    public McpClient Client => client;

    public static Task<McpConnection> ToAsync(SiloTenant tenant, string? revision = null) => ToAsync(tenant.Http, revision);

    public static async Task<McpConnection> ToAsync(HttpClient http, string? revision = null)
    {
        var options = new HttpClientTransportOptions
        {
            Endpoint = new Uri(http.BaseAddress!, "/mcp"),
            TransportMode = HttpTransportMode.StreamableHttp,
        };
        return new McpConnection(await McpClient.CreateAsync(new HttpClientTransport(options, http), Options(revision)));
    }

    /// <summary>
    /// What a client that speaks a revision is made with. It waits for its first answer as long as for others: machines that run tests are
    /// busy.
    /// </summary>
    public static McpClientOptions Options(string? revision) =>
        new() { ProtocolVersion = revision, DiscoverProbeTimeout = TimeSpan.FromMinutes(1) };

    /// <summary>Calls a tool with arguments as JSON.</summary>
    public async Task<CallToolResult> CallAsync(string tool, string arguments) =>
        await client.CallToolAsync(
            new CallToolRequestParams { Name = tool, Arguments = JsonSerializer.Deserialize<Dictionary<string, JsonElement>>(arguments) }
        );

    /// <summary>Calls a tool that must succeed; its data has what its schema demands.</summary>
    public async Task<JsonElement> AskAsync(string tool, string arguments)
    {
        CallToolResult result = await CallAsync(tool, arguments);
        Assert.True(result.IsError is not true, TextOf(result));
        return result.StructuredContent!.Value;
    }

    /// <summary>Calls a tool that must be refused with a code.</summary>
    /// <returns>The error.</returns>
    public async Task<JsonElement> RefuseAsync(string code, string tool, string arguments)
    {
        CallToolResult result = await CallAsync(tool, arguments);
        Assert.True(result.IsError is true, TextOf(result));
        JsonElement error = result.StructuredContent!.Value.GetProperty("error");
        Assert.Equal(code, error.GetProperty("code").GetString());
        Assert.StartsWith($"{code}: {error.GetProperty("message").GetString()}", TextOf(result), StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", result.StructuredContent.Value.GetRawText(), StringComparison.Ordinal);
        return error;
    }

    public static string TextOf(CallToolResult result) => Assert.IsType<TextContentBlock>(Assert.Single(result.Content)).Text;

    public ValueTask DisposeAsync() => client.DisposeAsync();
}
