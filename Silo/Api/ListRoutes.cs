using OrleansMemory.Client;
using OrleansMemory.Conversations;
using OrleansMemory.Silo.Access;
using OrleansMemory.Silo.Api.Documents;

namespace OrleansMemory.Silo.Api;

/// <summary>The conversations of a tenant.</summary>
internal static class ListRoutes
{
    private const int MaxLimit = 200;

    /// <summary>Maps the route.</summary>
    public static void MapList(this IEndpointRouteBuilder app)
    {
        // As a delegate: a method of this shape would be taken for one whose answer is not looked at.
        app.MapGet("/v1/conversations", (Delegate)GetAsync)
            .AddEndpointFilter(RequestQuery.CheckAsync)
            .RequireRoleByMethod()
            .WithName("listConversations")
            .WithTags("Conversations")
            .WithSummary(
                "Lists conversations, the one with the newest turn first. Pages show what was there at the first one exactly once, whatever turns come in between"
            )
            .WithMetadata(
                new QueryParameter("userId", "string", "Only conversations of this user."),
                new QueryParameter("agentId", "string", "Only conversations of this agent."),
                MetadataQuery.Parameter("conversations"),
                new QueryParameter("limit", "integer", "How many conversations at most, 1 to 200. Default: 50."),
                new QueryParameter(
                    "cursor",
                    "string",
                    "The next of the page before, with the same conditions. Good for 12 hours by default."
                ),
                new QueryParameter("forkOf", "string", "Only conversations that were forked from the one of this id; not forks of forks.")
            )
            .Produces<ConversationListDocument>()
            .Fails(400, 401, 403, 429, 503);
    }

    private static async Task<IResult> GetAsync(HttpContext context)
    {
        ConversationClient client = context.RequestServices.GetRequiredService<ConversationClient>();
        ConversationListPage page = await client.ListAsync(ReadQuery(context), RequestTarget.Tenant(context), context.RequestAborted);
        return TypedResults.Ok(ConversationListDocument.Of(page));
    }

    private static ConversationListQuery ReadQuery(HttpContext context)
    {
        HttpRequest request = context.Request;
        return new ConversationListQuery
        {
            UserId = RequestTarget.User(context, RequestQuery.Text(request, "userId")),
            AgentId = RequestQuery.Text(request, "agentId"),
            ForkOf = RequestQuery.Text(request, "forkOf"),
            Metadata = MetadataQuery.Read(request),
            Limit = (int?)RequestQuery.Integer(request, "limit", 1, MaxLimit),
            Cursor = RequestQuery.Text(request, "cursor"),
        };
    }
}
