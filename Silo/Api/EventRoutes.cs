using System.Text.Json;
using Microsoft.AspNetCore.Http.Json;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Primitives;
using OrleansMemory.Client;
using OrleansMemory.Client.Feed;
using OrleansMemory.Conversations;
using OrleansMemory.Errors;
using OrleansMemory.Silo.Api.OpenApi;
using OrleansMemory.Silo.Errors;
using OrleansMemory.Silo.Hosting;
using OrleansMemory.Silo.Limits;

namespace OrleansMemory.Silo.Api;

/// <summary>The live feed of a conversation.</summary>
internal static partial class EventRoutes
{
    private const string LastEventId = "Last-Event-ID";

    private const string Description =
        "Only events behind this position: a sequence from 0, or the id of an event. Without it only what comes from now on.";

    /// <summary>Maps the routes.</summary>
    public static void MapEvents(this RouteGroupBuilder conversation) =>
        conversation
            .MapGet("/events", GetAsync)
            .WithName("watchConversation")
            .WithTags("Events")
            .WithSummary("Follows the log as server-sent events: message (data as in a page of messages), truncated, restarted, ended")
            .WithMetadata(
                LiveFeed.Mark,
                new QueryParameter("after", "string", Description),
                new HeaderParameter(LastEventId, "The id of the last event that was received, as browsers send it; wins over after.")
            )
            .Produces<string>(StatusCodes.Status200OK, ServerSentEvents.ContentType)
            .Fails(404, 429);

    private static async Task<IResult> GetAsync(string id, HttpContext context)
    {
        Conversation conversation = RequestTarget.Conversation(context, id);
        FeedPosition? after = ReadPosition(context.Request);
        IServiceProvider services = context.RequestServices;
        JsonSerializerOptions json = services.GetRequiredService<IOptions<JsonOptions>>().Value.SerializerOptions;
        CancellationToken stopping = services.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping;
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, stopping);
        using IDisposable seat = services.GetRequiredService<FeedSeats>().Take(RequestTarget.Tenant(context));
        HttpOptions limits = services.GetRequiredService<IOptions<HttpOptions>>().Value;
        TimeProvider timeProvider = services.GetRequiredService<TimeProvider>();
        var stream = new EventStream(context.Response, json, limits.FeedStallTimeout, timeProvider);
        if (HeadRequests.IsHead(context))
        {
            // A feed has no end that one could wait for.
            await RequestTarget.RequireAsync(conversation, context);
            stream.Begin();
            return TypedResults.Empty;
        }

        try
        {
            await using ResumableFeed feed = await conversation.OpenFeedAsync(after, ending.Token);
            using var keepAlive = new PeriodicTimer(limits.KeepAliveInterval, timeProvider);
            await stream.SendAsync(feed, keepAlive, ending);
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested || context.RequestAborted.IsCancellationRequested)
        {
            End(context, stream);
        }
        catch (Exception failure) when (context.Response.HasStarted && ProblemMap.Find(failure) is not null)
        {
            // Too late for a problem document: the reader connects again and is told then, if it still is so.
            LogBroken(services.GetRequiredService<ILogger<EventStream>>(), failure.GetType().Name);
        }

        return TypedResults.Empty;
    }

    private static void End(HttpContext context, EventStream stream)
    {
        if (context.RequestAborted.IsCancellationRequested)
        {
            return;
        }

        if (!context.Response.HasStarted)
        {
            throw new ProblemException(SiloProblem.Stopping());
        }

        if (stream.IsFlushing)
        {
            // A reader that takes nothing would hold up the host's end.
            context.Abort();
        }
    }

    private static FeedPosition? ReadPosition(HttpRequest request)
    {
        StringValues header = request.Headers[LastEventId];
        return header.Count switch
        {
            0 => RequestQuery.Text(request, "after") is { } after ? Parse(after, "after") : null,
            1 => Parse(header[0], LastEventId),
            _ => throw new InvalidRequestException(LastEventId, "This header holds one position."),
        };
    }

    private static FeedPosition Parse(string? text, string parameter) =>
        FeedPosition.TryParse(text, out FeedPosition position)
            ? position
            : throw new InvalidRequestException(
                parameter,
                "A position is a sequence from 0, such as 57, or the id of an event, such as 57.1763712345678901."
            );

    [LoggerMessage(2120, LogLevel.Debug, "A feed ended with {Failure} after it had begun")]
    private static partial void LogBroken(ILogger logger, string failure);
}
