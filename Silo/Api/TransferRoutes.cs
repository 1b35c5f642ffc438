using OrleansMemory.Auditing;
using OrleansMemory.Client;
using OrleansMemory.Client.Transfer;
using OrleansMemory.Conversations;
using OrleansMemory.Grains.Hosting;
using OrleansMemory.Silo.Api.Bodies;
using OrleansMemory.Silo.Api.Documents;
using OrleansMemory.Silo.Hosting;

namespace OrleansMemory.Silo.Api;

/// <summary>Export and import of whole conversations.</summary>
internal static class TransferRoutes
{
    /// <summary>Maps the routes.</summary>
    public static void MapTransfer(this RouteGroupBuilder conversation)
    {
        conversation
            .MapGet("/export", ExportAsync)
            .AddEndpointFilter(AuditFilter.StateActorAsync)
            .WithName("exportConversation")
            .WithTags("Transfer")
            .WithSummary("Streams the whole conversation as one JSON document; the connection breaks off if it cannot be completed")
            .Produces<ExportDocument>()
            .Fails(404, 409);
        conversation
            .MapPost("/import", ImportAsync)
            .AddEndpointFilter(AuditFilter.StateActorAsync)
            .WithName("importConversation")
            .WithTags("Transfer")
            .WithSummary("Makes a conversation from an export; it must not exist")
            .Accepts<ExportDocument>(JsonBody.ContentType)
            .Produces<ConversationDocument>(StatusCodes.Status201Created)
            .Fails(404, 409, 413, 415);
    }

    private static async Task<IResult> ExportAsync(string id, HttpContext context)
    {
        Conversation conversation = RequestTarget.Conversation(context, id);
        context.Response.ContentType = JsonBody.ContentType;
        if (HeadRequests.IsHead(context))
        {
            await RequestTarget.RequireAsync(conversation, context);
            return TypedResults.Empty;
        }

        await AuditAsync(context, AuditActions.ConversationExported, conversation);
        await conversation.ExportAsync(context.Response.Body, context.RequestAborted);
        return TypedResults.Empty;
    }

    private static async Task<IResult> ImportAsync(string id, HttpContext context)
    {
        Conversation conversation = RequestTarget.Conversation(context, id);
        using BodyLease lease = JsonBody.LeaseImport(context);
        Stream body = JsonBody.OpenImport(context);
        await using (body)
        {
            await AuditAsync(context, AuditActions.ConversationImported, conversation);
            Head head = await conversation.ImportAsync(body, context.RequestAborted);
            return TypedResults.Created(ConversationRoutes.Location(context, head.Key.Id), ConversationDocument.Of(head));
        }
    }

    // Before the first byte: what has left is written down.
    private static Task AuditAsync(HttpContext context, string action, Conversation conversation) =>
        context
            .RequestServices.GetRequiredService<IAuditLog>()
            .NoteAsync(conversation.Key.Tenant, action, conversation.Key.Id, context.RequestAborted);
}
