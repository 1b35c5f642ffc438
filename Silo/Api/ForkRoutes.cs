using OrleansMemory.Client;
using OrleansMemory.Conversations;
using OrleansMemory.Silo.Api.Bodies;
using OrleansMemory.Silo.Api.Documents;
using OrleansMemory.Silo.Api.Requests;

namespace OrleansMemory.Silo.Api;

/// <summary>Forks.</summary>
internal static class ForkRoutes
{
    /// <summary>Maps the routes.</summary>
    public static void MapFork(this RouteGroupBuilder conversation) =>
        conversation
            .MapPost("/fork", PostAsync)
            .WithName("forkConversation")
            .WithTags("Conversations")
            .WithSummary("Makes a conversation that shares the messages up to a sequence and has copies of entries and settings")
            .Accepts<ForkBody>(JsonBody.ContentType)
            .Produces<ConversationDocument>(StatusCodes.Status201Created)
            .Fails(404, 409, 413, 415);

    private static async Task<IResult> PostAsync(string id, HttpContext context)
    {
        Conversation conversation = RequestTarget.Conversation(context, id);
        using RequestJson body = await JsonBody.ReadAsync(context);
        ForkBody fork = ForkBody.Read(body.RootElement);
        Head head = await conversation.ForkHeadAsync(fork.NewId, fork.AtSequence, context.RequestAborted);
        return TypedResults.Created(ConversationRoutes.Location(context, head.Key.Id), ConversationDocument.Of(head));
    }
}
