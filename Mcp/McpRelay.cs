using Microsoft.Extensions.Logging;
using ModelContextProtocol;
using ModelContextProtocol.Client;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;

namespace OrleansMemory.Mcp;

/// <summary>
/// Serves over a pair of streams, those of stdio for example, what an MCP server serves over HTTP: for clients that start a process and
/// know no addresses. It keeps nothing, and decides nothing: who may do what is decided by the server, by the key that goes with each
/// request.
/// </summary>
public static class McpRelay
{
    // A silo that has just started, or is busy, is no server of an older revision.
    private static readonly TimeSpan FirstAnswer = TimeSpan.FromSeconds(30);

    /// <summary>Serves until the input ends.</summary>
    /// <param name="http">Reaches the server; its default headers hold the key.</param>
    /// <param name="endpoint">The server's address, such as <c>http://127.0.0.1:5080/mcp</c>.</param>
    /// <param name="input">What the client writes, one JSON message a line.</param>
    /// <param name="output">What the client reads. Nothing else may be written there.</param>
    /// <param name="loggers">
    /// Where the protocol logs, messages included at <see cref="LogLevel.Trace"/>; <see langword="null"/> for nowhere.
    /// </param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <returns>A task that ends with the input.</returns>
    /// <exception cref="HttpRequestException">The server cannot be reached, or refuses the key.</exception>
    /// <exception cref="McpException">The server does not speak the protocol.</exception>
    /// <example>
    /// <code>
    /// using var http = new HttpClient();
    /// http.DefaultRequestHeaders.Add("Authorization", "Bearer " + Environment.GetEnvironmentVariable("ORLEANSMEMORY_KEY"));
    /// await McpRelay.RunAsync(http, new Uri("http://127.0.0.1:5080/mcp"), Console.OpenStandardInput(), Console.OpenStandardOutput());
    /// </code>
    /// </example>
    public static async Task RunAsync(
        HttpClient http,
        Uri endpoint,
        Stream input,
        Stream output,
        ILoggerFactory? loggers = null,
        CancellationToken cancellationToken = default
    )
    {
        ArgumentNullException.ThrowIfNull(http);
        ArgumentNullException.ThrowIfNull(endpoint);
        ArgumentNullException.ThrowIfNull(input);
        ArgumentNullException.ThrowIfNull(output);
        var options = new HttpClientTransportOptions
        {
            Endpoint = endpoint,
            TransportMode = HttpTransportMode.StreamableHttp,
            EnableStandaloneGetStream = false,
        };
        HttpClientTransport transport = new(options, http, loggers);
        await using (transport)
        {
            McpClient client = await McpClient.CreateAsync(
                transport,
                new McpClientOptions { DiscoverProbeTimeout = FirstAnswer },
                loggers,
                cancellationToken
            );
            await using (client)
            {
                StreamServerTransport stream = new(input, output, loggerFactory: loggers);
                await using (stream)
                {
                    McpServer server = McpServer.Create(stream, Relay(client), loggers);
                    await using (server)
                    {
                        await server.RunAsync(cancellationToken);
                    }
                }
            }
        }
    }

    private static McpServerOptions Relay(McpClient client) =>
        new()
        {
            ServerInfo = client.ServerInfo,
            ServerInstructions = client.ServerInstructions,
            Handlers = new McpServerHandlers
            {
                ListToolsHandler = (request, token) =>
                    PassAsync(client.ListToolsAsync(new ListToolsRequestParams { Cursor = request.Params?.Cursor }, token)),
                CallToolHandler = (request, token) =>
                    PassAsync(
                        client.CallToolAsync(
                            new CallToolRequestParams { Name = request.Params.Name, Arguments = request.Params.Arguments },
                            token
                        )
                    ),
                ListResourcesHandler = (request, token) =>
                    PassAsync(client.ListResourcesAsync(new ListResourcesRequestParams { Cursor = request.Params?.Cursor }, token)),
                ListResourceTemplatesHandler = (request, token) =>
                    PassAsync(
                        client.ListResourceTemplatesAsync(new ListResourceTemplatesRequestParams { Cursor = request.Params?.Cursor }, token)
                    ),
                ReadResourceHandler = (request, token) =>
                    PassAsync(client.ReadResourceAsync(new ReadResourceRequestParams { Uri = request.Params.Uri }, token)),
                ListPromptsHandler = (request, token) =>
                    PassAsync(client.ListPromptsAsync(new ListPromptsRequestParams { Cursor = request.Params?.Cursor }, token)),
                GetPromptHandler = (request, token) =>
                    PassAsync(
                        client.GetPromptAsync(
                            new GetPromptRequestParams { Name = request.Params.Name, Arguments = request.Params.Arguments },
                            token
                        )
                    ),
            },
        };

    private static async ValueTask<TResult> PassAsync<TResult>(ValueTask<TResult> asked)
        where TResult : Result
    {
        try
        {
            TResult result = await asked;

            // What only the revision between us and the server has; ours with the client puts its own there.
            result.ResultType = null;
            result.Meta = null;
            if (result is ICacheableResult cacheable)
            {
                cacheable.TimeToLive = null;
                cacheable.CacheScope = null;
            }

            return result;
        }
        catch (HttpRequestException failure)
        {
            throw new McpException($"The memory server did not answer: {failure.Message}", failure);
        }
    }
}
