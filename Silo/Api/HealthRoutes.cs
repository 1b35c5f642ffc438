using Microsoft.Extensions.Options;
using OrleansMemory.Errors;
using OrleansMemory.Grains.Hosting;
using OrleansMemory.Silo.Api.Documents;
using OrleansMemory.Silo.Hosting;

namespace OrleansMemory.Silo.Api;

/// <summary>Whether the silo runs, and whether it can work.</summary>
internal static class HealthRoutes
{
    private static readonly TimeSpan RetryAfter = TimeSpan.FromSeconds(1);

    /// <summary>Maps the routes.</summary>
    public static void MapHealth(this WebApplication app)
    {
        app.MapGet("/health/live", static () => TypedResults.Ok(new HealthDocument("live")))
            .WithName("getLive")
            .WithTags("Health")
            .WithSummary("Answers while the process runs")
            .AllowAnonymous();
        app.MapGet("/health/ready", ReadyAsync)
            .WithName("getReady")
            .WithTags("Health")
            .WithSummary(
                "Answers 200 while the store does, the clock agrees with the database's, the silo is a member of its cluster and its start is over, else 503"
            )
            .Produces<HealthDocument>()
            .Fails(503)
            .AllowAnonymous();
    }

    private static async Task<IResult> ReadyAsync(
        IStoreProbe store,
        IOptions<HttpOptions> options,
        TimeProvider time,
        IHostApplicationLifetime lifetime,
        WarmUp warmUp,
        HttpContext context
    )
    {
        if (!warmUp.IsDone || !HostSetup.HasJoined(context.RequestServices))
        {
            throw Unavailable();
        }

        using var timeout = new CancellationTokenSource(options.Value.ReadyTimeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(
            timeout.Token,
            lifetime.ApplicationStopping,
            context.RequestAborted
        );
        try
        {
            await store.PingAsync(either.Token);
            return TypedResults.Ok(new HealthDocument("ready"));
        }
        catch (OperationCanceledException) when (!context.RequestAborted.IsCancellationRequested)
        {
            throw Unavailable();
        }
    }

    // What the store says of the failure stays in the silo.
    private static MemoryUnavailableException Unavailable() => new(RetryAfter);
}
