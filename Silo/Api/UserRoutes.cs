using OrleansMemory.Client;
using OrleansMemory.Client.Transfer;
using OrleansMemory.Silo.Access;
using OrleansMemory.Silo.Api.Bodies;
using OrleansMemory.Silo.Api.Documents;
using OrleansMemory.Silo.Hosting;
using OrleansMemory.Users;

namespace OrleansMemory.Silo.Api;

/// <summary>Users. A user id is any text, percent-encoded in the path, a slash as <c>%2F</c>.</summary>
internal static class UserRoutes
{
    /// <summary>Maps the routes.</summary>
    public static void MapUsers(this WebApplication app)
    {
        app.MapDelete("/v1/users/{userId}", EraseAsync)
            .AddEndpointFilter(RequestQuery.CheckAsync)
            .RequireRoleByMethod()
            .WithName("eraseUser")
            .WithTags("Users")
            .WithSummary(
                "Erases a user: deletes every conversation whose userId this is, and the user's long-term memories. Erasing an unknown user is no error"
            )
            .Produces<ErasedDocument>()
            .AddEndpointFilter(AuditFilter.StateActorAsync)
            .Fails(400, 401, 403, 429, 503);
        app.MapGet("/v1/users/{userId}/export", ExportAsync)
            .AddEndpointFilter(RequestQuery.CheckAsync)
            .AddEndpointFilter(AuditFilter.StateActorAsync)
            .RequireRoleByMethod()
            .WithName("exportUser")
            .WithTags("Users")
            .WithSummary(
                "Streams all that a user has as JSON lines: conversations with messages and entries, and long-term memories with their histories. The last line is end; without it the file was cut"
            )
            .Produces<string>(StatusCodes.Status200OK, JsonBody.LinesType)
            .Fails(400, 401, 403, 429, 503);
        app.MapPost("/v1/users/{userId}/import", ImportAsync)
            .AddEndpointFilter(RequestQuery.CheckAsync)
            .AddEndpointFilter(AuditFilter.StateActorAsync)
            .RequireRoleByMethod()
            .WithName("importUser")
            .WithTags("Users")
            .WithSummary(
                "Gives a user what was exported of one. What the user has already is left as it is, so that a file may be sent again after it was cut"
            )
            .Accepts<string>(JsonBody.LinesType)
            .Produces<ImportedUserDocument>()
            .Fails(400, 401, 403, 409, 413, 415, 429, 503);
    }

    private static async Task<IResult> ExportAsync(string userId, HttpContext context)
    {
        string user = RequestTarget.User(context, RequestTarget.Segment(context, 1, userId))!;
        string tenant = RequestTarget.Tenant(context);
        UserKey.Create(tenant, user);
        context.Response.ContentType = JsonBody.LinesType;
        if (!HeadRequests.IsHead(context))
        {
            await context
                .RequestServices.GetRequiredService<ConversationClient>()
                .ExportUserAsync(user, context.Response.Body, tenant, context.RequestAborted);
        }

        return TypedResults.Empty;
    }

    private static async Task<IResult> ImportAsync(string userId, HttpContext context)
    {
        string user = RequestTarget.User(context, RequestTarget.Segment(context, 1, userId))!;
        using BodyLease lease = JsonBody.LeaseImport(context);
        Stream body = JsonBody.OpenLines(context);
        await using (body)
        {
            UserTransferCounts counts = await context
                .RequestServices.GetRequiredService<ConversationClient>()
                .ImportUserAsync(user, body, RequestTarget.Tenant(context), context.RequestAborted);
            return TypedResults.Ok(
                new ImportedUserDocument(counts.Conversations, counts.Messages, counts.Entries, counts.Memories, counts.Skipped)
            );
        }
    }

    private static async Task<IResult> EraseAsync(string userId, HttpContext context)
    {
        string tenant = RequestTarget.Tenant(context);
        string? user = RequestTarget.User(context, RequestTarget.Segment(context, 0, userId));
        ErasureReceipt receipt = await context
            .RequestServices.GetRequiredService<ConversationClient>()
            .EraseUserAsync(user!, tenant, context.RequestAborted);
        return TypedResults.Ok(
            new ErasedDocument(receipt.Conversations, receipt.Messages, receipt.Entries, receipt.Turns, receipt.ForksCut, receipt.Memories)
        );
    }
}
