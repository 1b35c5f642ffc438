using System.Net;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using ModelContextProtocol.AspNetCore;
using ModelContextProtocol.Server;
using OrleansMemory.AspNetCore;
using OrleansMemory.Client;
using OrleansMemory.Errors;
using OrleansMemory.Mcp;
using OrleansMemory.Tests.Support;
using Xunit;

namespace OrleansMemory.Tests.Mcp;

/// <summary>Somebody else's web app that maps the memory's MCP server, beside a tool of its own.</summary>
public sealed class McpAppTests(SharedHosts hosts)
{
    [Fact]
    public async Task An_app_says_for_whom_each_request_is()
    {
        string tenant = SharedHosts.NewTenant();
        await using WebApplication app = await StartAsync(services =>
            services
                .AddOrleansMemoryMcp(context => new McpCaller { Tenant = tenant, UserId = context.Request.Headers["X-User"].ToString() })
                .WithTools([McpServerTool.Create(() => "pong", new McpServerToolCreateOptions { Name = "own_tool" })])
        );
        await using McpConnection ada = await ConnectAsync(app, "ada");
        await using McpConnection bob = await ConnectAsync(app, "bob");

        await ada.AskAsync("save_to_memory", """{"content":["Ada likes trains."]}""");

        Assert.Single((await ada.AskAsync("recall_from_memory", """{"query":"trains"}""")).GetProperty("memories").EnumerateArray());
        Assert.Empty((await bob.AskAsync("recall_from_memory", """{"query":"trains"}""")).GetProperty("memories").EnumerateArray());
        Assert.Contains("own_tool", (await bob.Client.ListToolsAsync()).Select(tool => tool.Name));
        Assert.Equal("pong", McpConnection.TextOf(await bob.CallAsync("own_tool", "{}")));
    }

    [Fact]
    public async Task Bounds_hold_and_what_is_refused_is_a_problem()
    {
        await using WebApplication app = await StartAsync(services =>
            services.AddOrleansMemoryMcp(
                context =>
                    context.Request.Headers.ContainsKey("X-User") ? new McpCaller { UserId = "u" } : throw new UserNotAllowedException(),
                options => options.MaxRequestBytes = 2048
            )
        );
        using HttpClient http = app.GetTestClient();

        (HttpStatusCode Status, string Code, HttpContent Content, string? User)[] requests =
        [
            (HttpStatusCode.Forbidden, "user-not-allowed", SiloApp.Json("{}"), null),
            (HttpStatusCode.RequestEntityTooLarge, "payload-too-large", SiloApp.Json(new string(' ', 2049)), "u"),
            (HttpStatusCode.RequestEntityTooLarge, "payload-too-large", Chunked(3000), "u"),
            (
                HttpStatusCode.UnsupportedMediaType,
                "unsupported-media-type",
                new StringContent("{}", Encoding.Unicode, "application/json"),
                "u"
            ),
        ];
        foreach ((HttpStatusCode status, string code, HttpContent content, string? user) in requests)
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, "/mcp") { Content = content };
            request.Headers.TryAddWithoutValidation("Accept", "application/json, text/event-stream");
            request.Headers.Add("X-User", user is null ? [] : [user]);
            using HttpResponseMessage response = await http.SendAsync(request);
            string body = await response.Content.ReadAsStringAsync();
            Assert.True(status == response.StatusCode, $"{response.StatusCode}: {body}");
            Assert.Equal(code, JsonDocument.Parse(body).RootElement.GetProperty("code").GetString());
        }
    }

    [Fact]
    public async Task A_fault_is_told_without_its_text_and_logged_without_it()
    {
        var logs = new LogLines();
        await using WebApplication app = await StartAsync(services =>
        {
            services.AddLogging(logging => logging.AddProvider(logs));
            services.AddOrleansMemoryMcp(_ => new McpCaller());
            services.AddSingleton<IGrainFactory>(_ => throw new InvalidOperationException("a secret"));
        });
        await using McpConnection mcp = await ConnectAsync(app, "u");

        JsonElement error = await mcp.RefuseAsync("internal-error", "recall_from_memory", """{"user":"u","query":"q"}""");

        Assert.DoesNotContain("secret", error.GetRawText(), StringComparison.Ordinal);
        Assert.Contains(
            logs.Lines,
            line =>
                line.Contains("recall_from_memory", StringComparison.Ordinal)
                && line.Contains(nameof(InvalidOperationException), StringComparison.Ordinal)
        );
        Assert.DoesNotContain(logs.Lines, line => line.Contains("a secret", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_missing_call_ends_the_start_and_is_named()
    {
        await using WebApplication app = Build(_ => { });

        InvalidOperationException failure = Assert.Throws<InvalidOperationException>(() => app.MapOrleansMemoryMcp("/mcp"));

        Assert.Contains("AddOrleansMemoryMcp", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Sessions_end_the_start()
    {
        await using WebApplication app = Build(services =>
            services
                .AddOrleansMemoryMcp(_ => new McpCaller())
                .WithHttpTransport(static http => http.SessionMode = HttpServerSessionMode.Stateful)
        );

        InvalidOperationException failure = Assert.Throws<InvalidOperationException>(() => app.MapOrleansMemoryMcp("/mcp"));

        Assert.Contains("SessionMode", failure.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(999, 4096)]
    [InlineData(24_000, 1023)]
    public async Task Options_out_of_their_range_end_the_start(int maxResultLength, int maxRequestBytes)
    {
        await using WebApplication app = Build(services =>
            services.AddOrleansMemoryMcp(
                _ => new McpCaller(),
                options => (options.MaxResultLength, options.MaxRequestBytes) = (maxResultLength, maxRequestBytes)
            )
        );

        Exception failure = await Assert.ThrowsAnyAsync<Exception>(() => app.StartAsync());

        Assert.Contains("McpMemoryOptions.", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Whoever_is_not_said_to_be_served_is_not()
    {
        // Mapped by the SDK's own method, which says of no request for whom it is.
        await using WebApplication app = await StartAsync(
            services => services.AddOrleansMemoryMcp(_ => new McpCaller()),
            static app => app.MapMcp("/mcp")
        );
        await using McpConnection mcp = await ConnectAsync(app, "u");

        await mcp.RefuseAsync("internal-error", "recall_from_memory", """{"user":"u","query":"q"}""");
    }

    private static StreamContent Chunked(int length)
    {
        var content = new StreamContent(new Endless(length));
        content.Headers.TryAddWithoutValidation("Content-Type", "application/json");
        return content;
    }

    private static async Task<McpConnection> ConnectAsync(WebApplication app, string user)
    {
        HttpClient http = app.GetTestClient();
        http.DefaultRequestHeaders.Add("X-User", user);
        return await McpConnection.ToAsync(http);
    }

    private static WebApplication Build(Action<IServiceCollection> configure)
    {
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseTestServer();
        builder.Services.AddRoutingCore();
        configure(builder.Services);
        builder.Services.AddOrleansMemoryClient().AddOrleansMemoryProblemDetails();
        return builder.Build();
    }

    private async Task<WebApplication> StartAsync(Action<IServiceCollection> configure, Action<WebApplication>? map = null)
    {
        IGrainFactory grains = (await hosts.InMemoryAsync()).Grains;
        WebApplication app = Build(services =>
        {
            services.AddSingleton(grains);
            configure(services);
        });
        (map ?? (static app => app.MapOrleansMemoryMcp()))(app);
        await app.StartAsync();
        return app;
    }

    /// <summary>Any number of spaces.</summary>
    private sealed class Endless(int length) : Stream
    {
        private int _left = length;

        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => false;

        public override long Length => throw new NotSupportedException();

        public override long Position
        {
            get => throw new NotSupportedException();
            set => throw new NotSupportedException();
        }

        public override int Read(byte[] buffer, int offset, int count)
        {
            int read = Math.Min(count, _left);
            buffer.AsSpan(offset, read).Fill((byte)' ');
            _left -= read;
            return read;
        }

        public override void Flush() { }

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    }
}
