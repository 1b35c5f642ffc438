using OrleansMemory.Client;
using OrleansMemory.Conversations;
using OrleansMemory.Errors;
using OrleansMemory.Silo.Access;
using OrleansMemory.Silo.Api.Documents;

namespace OrleansMemory.Silo.Api;

/// <summary>Full-text search in one conversation and across those of a user.</summary>
internal static class SearchRoutes
{
    private const int MaxLimit = 100;

    private static readonly QueryParameter[] Parameters =
    [
        new(
            "q",
            "string",
            "What to look for, 1 to 1000 characters, at most 64 words. Words must all be there; \"words in quotes\" must follow each other; -word must not be "
                + "there; OR stands between alternatives. Required."
        )
        {
            IsRequired = true,
            Example = "hotel",
        },
        new("limit", "integer", "How many messages at most, 1 to 100. Default: 20."),
        new("cursor", "string", "Where the page starts: next of the page before, with the same q."),
    ];

    /// <summary>Maps the search in one conversation.</summary>
    /// <param name="conversation">The routes of one conversation.</param>
    public static void MapSearch(this RouteGroupBuilder conversation) =>
        conversation
            .MapGet("/search", SearchConversationAsync)
            .WithName("searchConversation")
            .WithTags("Search")
            .WithSummary("Looks for messages of a conversation by their texts, newest first")
            .WithMetadata([.. Parameters])
            .Produces<SearchPageDocument>()
            .Fails(404);

    /// <summary>Maps the search across conversations.</summary>
    public static void MapUserSearch(this WebApplication app) =>
        app.MapGet("/v1/search", SearchUserAsync)
            .AddEndpointFilter(RequestQuery.CheckAsync)
            .RequireRoleByMethod()
            .WithName("searchUser")
            .WithTags("Search")
            .WithSummary("Looks for messages in all conversations of a user by their texts, newest first")
            .WithMetadata([
                .. Parameters,
                new QueryParameter(
                    "userId",
                    "string",
                    "The user whose conversations are searched. Required, unless the key is bound to one."
                )
                {
                    Example = "ana",
                },
            ])
            .Produces<SearchPageDocument>()
            .Fails(400, 401, 403, 429, 503);

    private static async Task<IResult> SearchConversationAsync(string id, HttpContext context)
    {
        Conversation conversation = RequestTarget.Conversation(context, id);
        return await AnswerAsync(conversation.SearchAsync(ReadQuery(context.Request), context.RequestAborted));
    }

    private static async Task<IResult> SearchUserAsync(ConversationClient client, HttpContext context)
    {
        MessageSearchQuery query = ReadQuery(context.Request);
        string userId = RequestTarget.User(context, RequestQuery.Text(context.Request, "userId")) is { Length: > 0 } given
            ? given
            : throw new InvalidRequestException("userId", "The user whose conversations are searched is expected here.");
        return await AnswerAsync(client.SearchAsync(userId, query, RequestTarget.Tenant(context), context.RequestAborted));
    }

    private static MessageSearchQuery ReadQuery(HttpRequest request) =>
        new()
        {
            Text = RequestQuery.Text(request, "q") is { Length: > 0 } text
                ? text
                : throw new InvalidRequestException("q", "What to look for is expected here."),
            Limit = (int?)RequestQuery.Integer(request, "limit", 1, MaxLimit),
            Cursor = RequestQuery.Text(request, "cursor"),
        };

    private static async Task<IResult> AnswerAsync(Task<MessageSearchPage> search)
    {
        try
        {
            return TypedResults.Ok(SearchPageDocument.Of(await search));
        }
        catch (InvalidRequestException refusal) when (refusal.Parameter == "text")
        {
            throw new InvalidRequestException("q", "q" + refusal.Message["text".Length..]);
        }
    }
}
