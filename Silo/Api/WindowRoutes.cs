using OrleansMemory.Client;
using OrleansMemory.Client.Windows;
using OrleansMemory.Conversations;
using OrleansMemory.Silo.Api.Documents;

namespace OrleansMemory.Silo.Api;

/// <summary>What a model would be sent of a conversation.</summary>
internal static class WindowRoutes
{
    private const int MostMessages = 1_000;
    private const int MostTokens = 1_000_000;

    private static readonly int DefaultTokens = new ConversationWindowOptions().MaxTokens!.Value;

    private static readonly QueryParameter Tokens = new(
        "maxTokens",
        "integer",
        "How many tokens at most, 1 to 1,000,000, by estimate. Instructions and tools of a call are not counted. Default: 64,000."
    );

    private static readonly QueryParameter Messages = new(
        "maxMessages",
        "integer",
        "How many messages at most, system messages included, 1 to 1,000. Default: 1,000."
    );

    /// <summary>Maps the route.</summary>
    /// <param name="conversation">The routes of one conversation.</param>
    public static void MapWindow(this RouteGroupBuilder conversation) =>
        conversation
            .MapGet("/window", GetAsync)
            .WithName("getWindow")
            .WithTags("Messages")
            .WithSummary(
                "Reads what a model would be sent of the conversation within a budget, with the tokens of each message, and tells how much falls out"
            )
            .WithMetadata(Tokens, Messages)
            .Produces<WindowDocument>()
            .Fails(404, 409);

    private static async Task<IResult> GetAsync(string id, HttpContext context)
    {
        Conversation conversation = RequestTarget.Conversation(context, id);
        var options = new ConversationWindowOptions
        {
            MaxTokens = (int?)RequestQuery.Integer(context.Request, Tokens.Name, 1, MostTokens) ?? DefaultTokens,
            MaxMessages = (int?)RequestQuery.Integer(context.Request, Messages.Name, 1, MostMessages) ?? MostMessages,
        };
        Head head = await ConversationRoutes.ReadAsync(conversation, context);
        return TypedResults.Ok(
            WindowDocument.Of(head, await conversation.GetWindowAsync(new ConversationWindow(options), context.RequestAborted))
        );
    }
}
