using System.Text;
using OrleansMemory.Silo.Access;

namespace OrleansMemory.Silo.Hosting;

/// <summary>
/// Goes the ways of the most frequent requests before the silo says that it is ready, with a conversation that there is not: so that the
/// first user does not wait for code that is compiled, connections that are opened and statements that are planned when they are first
/// used. It changes nothing.
/// </summary>
/// <param name="endpoints">The routes.</param>
/// <param name="scopes">Makes the services of a request.</param>
/// <param name="time">The clock of the bound.</param>
/// <param name="logger">Is told what could not be tried.</param>
internal sealed partial class WarmUp(EndpointDataSource endpoints, IServiceScopeFactory scopes, TimeProvider time, ILogger<WarmUp> logger)
    : IHostedLifecycleService
{
    // The start is not held up by a store that does not answer.
    private static readonly TimeSpan Bound = TimeSpan.FromSeconds(2);

    // By the names of routes. mustExist: no turn begins a conversation, whoever may have made one under this id.
    private static readonly (string Route, string? Body)[] Requests =
    [
        (
            "commitTurn",
            """{"turnId":"warm-up","mustExist":true,"messages":[{"role":"user","content":"warm-up"}],"globals":{"name":"warm-up"}}"""
        ),
        ("getMessages", null),
    ];

    private volatile bool _isDone;

    /// <summary>Whether it is over, however it went.</summary>
    public bool IsDone => _isDone;

    /// <inheritdoc />
    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc />
    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc />
    public async Task StartedAsync(CancellationToken cancellationToken)
    {
        using var bound = new CancellationTokenSource(Bound, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(bound.Token, cancellationToken);
        string id = $"warm-up-{Guid.NewGuid():N}";
        foreach ((string route, string? body) in Requests)
        {
            await TryAsync(route, id, body, either.Token);
        }

        _isDone = true;
    }

    /// <inheritdoc />
    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc />
    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc />
    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    private async Task TryAsync(string route, string id, string? body, CancellationToken cancellationToken)
    {
        try
        {
            Endpoint endpoint = endpoints.Endpoints.First(endpoint =>
                string.Equals(endpoint.Metadata.GetMetadata<IEndpointNameMetadata>()?.EndpointName, route, StringComparison.Ordinal)
            );
            AsyncServiceScope scope = scopes.CreateAsyncScope();
            await using var _ = scope;
            var context = new DefaultHttpContext { RequestServices = scope.ServiceProvider, RequestAborted = cancellationToken };
            context.Features.Set(Caller.Local);
            context.Request.RouteValues["id"] = id;
            context.Response.Body = Stream.Null;
            if (body is not null)
            {
                context.Request.ContentType = "application/json";
                context.Request.Body = new MemoryStream(Encoding.UTF8.GetBytes(body));
            }

            context.SetEndpoint(endpoint);
            await endpoint.RequestDelegate!(context);
        }
        catch (Exception exception)
        {
            // That there is no such conversation is what most of them end with.
            LogTried(route, exception.GetType().Name);
        }
    }

    [LoggerMessage(2106, LogLevel.Debug, "The start has tried {Route}, which ended with {Exception}")]
    private partial void LogTried(string route, string exception);
}
