using OrleansMemory.Client;
using OrleansMemory.Silo.Access;
using OrleansMemory.Silo.Api.Documents;
using OrleansMemory.Users;

namespace OrleansMemory.Silo.Api;

/// <summary>Users. A user id is any text, percent-encoded in the path, a slash as <c>%2F</c>.</summary>
internal static class UserRoutes
{
    /// <summary>Maps the routes.</summary>
    /// <param name="app">The app.</param>
    public static void MapUsers(this WebApplication app) =>
        app.MapDelete("/v1/users/{userId}", EraseAsync)
            .AddEndpointFilter(RequestQuery.CheckAsync)
            .RequireRoleByMethod()
            .WithName("eraseUser").WithTags("Users")
            .WithSummary("Erases a user: deletes every conversation whose userId this is, and the user's long-term memories. Erasing an unknown user is no error")
            .Produces<ErasedDocument>()
            .Fails(400, 401, 403, 429, 503);

    private static async Task<IResult> EraseAsync(string userId, HttpContext context)
    {
        string tenant = RequestTarget.Tenant(context);
        string? user = RequestTarget.User(context, RequestTarget.Segment(context, 0, userId));
        ErasureReceipt receipt = await context.RequestServices.GetRequiredService<ConversationClient>()
            .EraseUserAsync(user!, tenant, context.RequestAborted);
        return TypedResults.Ok(new ErasedDocument(receipt.Conversations, receipt.Messages, receipt.Entries, receipt.Turns, receipt.ForksCut, receipt.Memories));
    }
}
