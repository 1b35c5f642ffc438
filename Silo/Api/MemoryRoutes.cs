using OrleansMemory.Client;
using OrleansMemory.Client.Memories;
using OrleansMemory.Errors;
using OrleansMemory.Memories;
using OrleansMemory.Silo.Access;
using OrleansMemory.Silo.Api.Bodies;
using OrleansMemory.Silo.Api.Documents;
using OrleansMemory.Silo.Api.OpenApi;
using OrleansMemory.Silo.Api.Requests;

namespace OrleansMemory.Silo.Api;

/// <summary>Long-term memories: by scope, and by id.</summary>
internal static class MemoryRoutes
{
    private const int MaxLimit = 200;

    /// <summary>Maps the routes.</summary>
    public static void MapMemories(this WebApplication app)
    {
        RouteGroupBuilder memories = app.MapGroup("/v1/memories");
        memories.AddEndpointFilter(RequestQuery.CheckAsync);
        memories.RequireRoleByMethod();
        memories.Fails(400, 401, 403, 429, 503);
        memories
            .MapPost("", (Delegate)RecordAsync)
            .WithName("recordMemories")
            .WithTags("Memories")
            .WithSummary(
                "Records what was said (messages) or what is worth knowing (contents) for an agent, a user or a session; all or nothing, durable when it answers"
            )
            .WithMetadata(IdempotencyHeader.Instance)
            .Accepts<RecordBody>(JsonBody.ContentType)
            .Produces<RecordedDocument>(StatusCodes.Status201Created)
            .Produces<RecordedDocument>()
            .Fails(409, 410, 413, 415);
        memories
            .MapGet("", (Delegate)ListAsync)
            .WithName("listMemories")
            .WithTags("Memories")
            .WithSummary("Lists memories, the one recorded last first")
            .WithMetadata(
                new QueryParameter("agent", "string", "Only memories of this agent."),
                new QueryParameter("user", "string", "Only memories of this user."),
                new QueryParameter("session", "string", "Only memories of this session."),
                new QueryParameter("kind", "string", "turn or fact; left out for both."),
                MetadataQuery.Parameter("memories"),
                new QueryParameter("limit", "integer", "How many memories at most, 1 to 200. Default: 50."),
                new QueryParameter("cursor", "string", "The next of the page before, with the same conditions.")
            )
            .Produces<MemoryPageDocument>();
        memories
            .MapPost("/search", (Delegate)RecallAsync)
            .RequireAuthorization(AccessPolicies.Reader)
            .WithName("recallMemories")
            .WithTags("Memories")
            .WithSummary("Finds the memories of an agent, a user or a session that answer a question best")
            .Accepts<RecallBody>(JsonBody.ContentType)
            .Produces<RecallDocument>()
            .Fails(413, 415);
        MapMemory(memories);
    }

    private static void MapMemory(RouteGroupBuilder memories)
    {
        memories
            .MapGet("/{id}", GetAsync)
            .WithName("getMemory")
            .WithTags("Memories")
            .WithSummary("Reads one memory")
            .Produces<MemoryDocument>()
            .Fails(404);
        memories
            .MapMethods("/{id}", [HttpMethods.Patch], PatchAsync)
            .WithName("patchMemory")
            .WithTags("Memories")
            .WithSummary("Changes what a memory says, its metadata or how long it lives; what is left out stays")
            .Accepts<MemoryPatchBody>(JsonBody.ContentType)
            .Produces<MemoryDocument>()
            .Fails(404, 409, 413, 415);
        memories
            .MapDelete("/{id}", DeleteAsync)
            .WithName("deleteMemory")
            .WithTags("Memories")
            .WithSummary("Deletes a memory with its history")
            .Produces(StatusCodes.Status204NoContent)
            .Fails(404);
        memories
            .MapGet("/{id}/history", GetHistoryAsync)
            .WithName("getMemoryHistory")
            .WithTags("Memories")
            .WithSummary("Reads what happened to a memory, also to one that was retired")
            .Produces<MemoryHistoryDocument>()
            .Fails(404);
    }

    private static async Task<IResult> RecordAsync(HttpContext context)
    {
        using RequestJson body = await JsonBody.ReadAsync(context);
        RecordBody recording = RecordBody.Read(body.RootElement);
        RecordRequest request = recording.ToRequest(RequestTarget.TurnIdOrNull(context));
        RecordReceipt receipt = await Scope(context, recording.Agent, recording.User, recording.Session)
            .RecordAsync(request, context.RequestAborted);
        RecordedDocument document = RecordedDocument.Of(receipt);
        return receipt.Replayed ? TypedResults.Ok(document) : TypedResults.Json(document, statusCode: StatusCodes.Status201Created);
    }

    private static async Task<IResult> ListAsync(HttpContext context)
    {
        HttpRequest request = context.Request;
        var query = new MemoryListQuery
        {
            Agent = RequestQuery.Text(request, "agent"),
            User = RequestTarget.User(context, RequestQuery.Text(request, "user")),
            Session = RequestQuery.Text(request, "session"),
            Kind = MemoryKinds.Read(RequestQuery.Text(request, "kind")),
            Metadata = MetadataQuery.Read(request),
            Limit = (int?)RequestQuery.Integer(request, "limit", 1, MaxLimit),
            Cursor = RequestQuery.Text(request, "cursor"),
        };
        return TypedResults.Ok(MemoryPageDocument.Of(await Tenant(context).ListAsync(query, context.RequestAborted)));
    }

    private static async Task<IResult> RecallAsync(HttpContext context)
    {
        using RequestJson body = await JsonBody.ReadAsync(context);
        RecallBody question = RecallBody.Read(body.RootElement);
        ScopedMemories scope = Scope(context, question.Agent, question.User, question.Session);
        return TypedResults.Ok(RecallDocument.Of(await scope.RecallAsync(question.ToRequest(), context.RequestAborted)));
    }

    private static async Task<IResult> GetAsync(string id, HttpContext context) =>
        TypedResults.Ok(
            MemoryDocument.Of(await Tenant(context).GetAsync(id, context.RequestAborted) ?? throw new MemoryNotFoundException(id))
        );

    private static async Task<IResult> PatchAsync(string id, HttpContext context)
    {
        using RequestJson body = await JsonBody.ReadAsync(context);
        MemoryUpdate update = MemoryPatchBody.Read(body.RootElement);
        return TypedResults.Ok(MemoryDocument.Of(await Tenant(context).UpdateAsync(id, update, context.RequestAborted)));
    }

    private static async Task<IResult> DeleteAsync(string id, HttpContext context) =>
        await Tenant(context).DeleteAsync(id, context.RequestAborted) ? TypedResults.NoContent() : throw new MemoryNotFoundException(id);

    private static async Task<IResult> GetHistoryAsync(string id, HttpContext context)
    {
        var events = await Tenant(context).GetHistoryAsync(id, context.RequestAborted);
        return events.Length == 0 ? throw new MemoryNotFoundException(id) : TypedResults.Ok(MemoryHistoryDocument.Of(events));
    }

    private static ScopedMemories Scope(HttpContext context, string? agent, string? user, string? session) =>
        context
            .RequestServices.GetRequiredService<ConversationClient>()
            .Memories(agent, RequestTarget.User(context, user), session, RequestTarget.Tenant(context));

    private static TenantMemories Tenant(HttpContext context) =>
        context.RequestServices.GetRequiredService<ConversationClient>().TenantMemories(RequestTarget.Tenant(context));
}
