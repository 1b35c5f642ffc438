using System.Text.Json;
using OrleansMemory.Client;
using OrleansMemory.Conversations;
using OrleansMemory.Errors;
using OrleansMemory.Silo.Api.Documents;
using OrleansMemory.Silo.Api.OpenApi;
using OrleansMemory.Silo.Api.Requests;

namespace OrleansMemory.Silo.Api;

/// <summary>A conversation as a whole: its settings and its end.</summary>
internal static class ConversationRoutes
{
    /// <summary>Maps the routes.</summary>
    /// <param name="conversation">The routes of one conversation.</param>
    public static void MapConversation(this RouteGroupBuilder conversation)
    {
        conversation.MapPut("", PutAsync)
            .WithName("putConversation").WithTags("Conversations")
            .WithSummary("Creates a conversation or replaces its settings")
            .WithMetadata(IdempotencyHeader.Instance)
            .Accepts<SettingsBody>(JsonBody.ContentType)
            .Produces<ConversationDocument>().Produces<ConversationDocument>(StatusCodes.Status201Created)
            .Fails(409, 413, 415);
        conversation.MapGet("", GetAsync)
            .WithName("getConversation").WithTags("Conversations")
            .WithSummary("Reads a conversation's settings and counters")
            .Produces<ConversationDocument>()
            .Fails(404);
        conversation.MapDelete("", DeleteAsync)
            .WithName("deleteConversation").WithTags("Conversations")
            .WithSummary("Deletes a conversation with all it holds, also where forks share it")
            .Produces<DeletedDocument>()
            .Fails(404);
    }

    private static async Task<IResult> PutAsync(string id, HttpContext context)
    {
        Conversation conversation = RequestTarget.Conversation(context, id);
        using JsonDocument body = await JsonBody.ReadAsync(context);
        SettingsChange change = SettingsBody.Read(body.RootElement);
        TurnReceipt receipt = await conversation.SetSettingsAsync(change, RequestTarget.TurnIdOrNull(context), context.RequestAborted);
        ConversationDocument document = ConversationDocument.Of(await ReadAsync(conversation, context));
        return receipt is { Version: 1, Replayed: false }
            ? TypedResults.Created(Location(context, id), document)
            : TypedResults.Ok(document);
    }

    private static async Task<IResult> GetAsync(string id, HttpContext context) =>
        TypedResults.Ok(ConversationDocument.Of(await ReadAsync(RequestTarget.Conversation(context, id), context)));

    private static async Task<IResult> DeleteAsync(string id, HttpContext context)
    {
        Conversation conversation = RequestTarget.Conversation(context, id);
        DeleteReceipt receipt = await conversation.DeleteAsync(context.RequestAborted);
        return receipt.Existed
            ? TypedResults.Ok(new DeletedDocument(receipt.Messages, receipt.Entries, receipt.Turns, receipt.ForksCut))
            : throw new ConversationNotFoundException(conversation.Key);
    }

    /// <summary>Where a conversation is found.</summary>
    /// <param name="context">The request.</param>
    /// <param name="id">The conversation's id.</param>
    /// <returns>The path.</returns>
    public static string Location(HttpContext context, string id) =>
        $"{context.Request.PathBase}/v1/conversations/{Uri.EscapeDataString(id)}";

    /// <summary>Reads the head of a conversation that must exist.</summary>
    /// <param name="conversation">The conversation.</param>
    /// <param name="context">The request.</param>
    /// <returns>The head.</returns>
    /// <exception cref="ConversationNotFoundException">It does not exist.</exception>
    public static async Task<Head> ReadAsync(Conversation conversation, HttpContext context) =>
        await conversation.GetHeadAsync(context.RequestAborted) ?? throw new ConversationNotFoundException(conversation.Key);
}
