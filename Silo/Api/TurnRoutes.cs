using OrleansMemory.Client;
using OrleansMemory.Client.Json;
using OrleansMemory.Conversations;
using OrleansMemory.Silo.Api.Bodies;
using OrleansMemory.Silo.Api.Documents;
using OrleansMemory.Silo.Api.OpenApi;
using OrleansMemory.Silo.Api.Requests;
using OrleansMemory.Silo.Errors;

namespace OrleansMemory.Silo.Api;

/// <summary>Turns: whole commits.</summary>
internal static class TurnRoutes
{
    /// <summary>Maps the routes.</summary>
    public static void MapTurns(this RouteGroupBuilder conversation)
    {
        conversation
            .MapPost("/turns", PostAsync)
            .WithName("commitTurn")
            .WithTags("Turns")
            .WithSummary("Commits a turn: messages, globals, entries and MemoryObject together. Creates an unknown conversation")
            .WithMetadata(IdempotencyHeader.Instance)
            .Accepts<TurnBody>(JsonBody.ContentType)
            .Produces<ReceiptDocument>()
            .Produces<ReceiptDocument>(StatusCodes.Status201Created)
            .Fails(409, 410, 412, 413, 415);
        conversation
            .MapGet("/turns/{turnId}/messages", GetMessagesAsync)
            .WithName("getTurnMessages")
            .WithTags("Turns")
            .WithSummary(
                "Reads all messages that a committed turn appended, oldest first, for as long as its turn id is kept; 410 when some have been dropped since"
            )
            .Produces<MessagePageDocument>()
            .Fails(404, 410);
    }

    /// <summary>The answer to a turn that appends: 201 for what this request wrote, 200 for what an earlier one had written.</summary>
    public static IResult Answer(TurnReceipt receipt) =>
        TypedResults.Json(
            ReceiptDocument.Of(receipt),
            statusCode: receipt.Replayed ? StatusCodes.Status200OK : StatusCodes.Status201Created
        );

    private static async Task<IResult> GetMessagesAsync(string id, string turnId, HttpContext context)
    {
        Conversation conversation = RequestTarget.Conversation(context, id);
        IReadOnlyList<Message> messages =
            await conversation.GetStoredTurnMessagesAsync(RequestTarget.Segment(context, 1, turnId), context.RequestAborted)
            ?? throw new ProblemException(SiloProblem.NoTurn());
        return TypedResults.Ok(new MessagePageDocument([.. messages.Select(MessageDocument.Of)], null));
    }

    private static async Task<IResult> PostAsync(string id, HttpContext context)
    {
        Conversation conversation = RequestTarget.Conversation(context, id);
        using RequestJson body = await JsonBody.ReadAsync(context);
        TurnBody given = TurnBody.Read(body.RootElement);
        Turn turn = given.ToTurn(RequestTarget.TurnIdOrNull(context));
        return Answer(await given.ToParts().NameAsync(conversation.CommitAsync(turn, context.RequestAborted)));
    }
}
