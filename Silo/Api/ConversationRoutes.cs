using OrleansMemory.Client;
using OrleansMemory.Conversations;
using OrleansMemory.Errors;
using OrleansMemory.Silo.Api.Bodies;
using OrleansMemory.Silo.Api.Documents;
using OrleansMemory.Silo.Api.OpenApi;
using OrleansMemory.Silo.Api.Requests;

namespace OrleansMemory.Silo.Api;

/// <summary>A conversation as a whole: its settings and its end.</summary>
internal static class ConversationRoutes
{
    private static readonly QueryParameter ExpectedVersion = new(
        "expectedVersion",
        "integer",
        "The version that the caller saw, 1 or more. A conversation at another version is left alone and answered with 409. Left out, any version is deleted."
    );

    private static readonly QueryParameter PatchedVersion = new(
        "expectedVersion",
        "integer",
        "The version that the caller saw, 1 or more. A conversation at another version is left alone and answered with 409. Left out, any version is patched."
    );

    private static readonly QueryParameter ExpectedLife = new(
        "expectedCreatedAt",
        "string",
        "The createdAt that the caller saw, with its UTC offset. A conversation of the same id that began at another instant is left alone and answered with 404. "
            + "Left out, whichever there is is deleted."
    );

    private static readonly QueryParameter Forks = new(
        "forks",
        "string",
        "keep (the default) leaves forks whole: what they read of the log is kept for as long as one of them reads it. cut takes from them what they share: "
            + "messages, and entries that they copied and have not written since; that of a conversation of this id that was deleted before, too."
    );

    /// <summary>Maps the routes.</summary>
    public static void MapConversation(this RouteGroupBuilder conversation)
    {
        conversation
            .MapPut("", PutAsync)
            .WithName("putConversation")
            .WithTags("Conversations")
            .WithSummary("Creates a conversation or replaces all its settings: what is left out is cleared. PATCH changes some")
            .WithMetadata(IdempotencyHeader.Instance)
            .Accepts<SettingsBody>(JsonBody.ContentType)
            .Produces<ConversationDocument>()
            .Produces<ConversationDocument>(StatusCodes.Status201Created)
            .Fails(404, 409, 410, 413, 415);
        conversation
            .MapPatch("", PatchAsync)
            .WithName("patchConversation")
            .WithTags("Conversations")
            .WithSummary("Changes some settings: what is left out stays as it is, null clears, metadata is merged by name")
            .WithMetadata(IdempotencyHeader.Instance, PatchedVersion)
            .Accepts<SettingsBody>(JsonBody.ContentType, JsonBody.MergePatchType)
            .Produces<ConversationDocument>()
            .Fails(404, 409, 410, 413, 415);
        conversation
            .MapGet("", GetAsync)
            .WithName("getConversation")
            .WithTags("Conversations")
            .WithSummary("Reads a conversation's settings and counters")
            .Produces<ConversationDocument>()
            .Fails(404);
        conversation
            .MapDelete("", DeleteAsync)
            .AddEndpointFilter(AuditFilter.StateActorAsync)
            .WithName("deleteConversation")
            .WithTags("Conversations")
            .WithSummary(
                "Deletes a conversation with all that its forks do not read. Sent again with what the caller saw, it deletes nothing else"
            )
            .WithMetadata(ExpectedVersion, ExpectedLife, Forks)
            .Produces<DeletedDocument>()
            .Fails(404, 409);
    }

    private static async Task<IResult> PutAsync(string id, HttpContext context)
    {
        Conversation conversation = RequestTarget.Conversation(context, id);
        using RequestJson body = await JsonBody.ReadAsync(context);
        SettingsChange change = SettingsBody.Read(body.RootElement);
        TurnReceipt receipt = await conversation.SetSettingsAsync(change, RequestTarget.TurnIdOrNull(context), context.RequestAborted);
        ConversationDocument document = ConversationDocument.Of(await ReadAsync(conversation, context));
        return receipt is { Version: 1, Replayed: false }
            ? TypedResults.Created(Location(context, id), document)
            : TypedResults.Ok(document);
    }

    private static async Task<IResult> PatchAsync(string id, HttpContext context)
    {
        Conversation conversation = RequestTarget.Conversation(context, id);
        long? expected = RequestQuery.Integer(context.Request, PatchedVersion.Name, 1, long.MaxValue);
        using RequestJson body = await JsonBody.ReadAsync(context);
        SettingsPatch patch = SettingsPatch.Read(body.RootElement);
        await patch.CommitAsync(conversation, RequestTarget.TurnId(context), expected, context.RequestAborted);
        return TypedResults.Ok(ConversationDocument.Of(await ReadAsync(conversation, context)));
    }

    private static async Task<IResult> GetAsync(string id, HttpContext context) =>
        TypedResults.Ok(ConversationDocument.Of(await ReadAsync(RequestTarget.Conversation(context, id), context)));

    private static async Task<IResult> DeleteAsync(string id, HttpContext context)
    {
        Conversation conversation = RequestTarget.Conversation(context, id);
        var request = new DeleteRequest
        {
            ExpectedVersion = RequestQuery.Integer(context.Request, ExpectedVersion.Name, 1, long.MaxValue),
            ExpectedLife = RequestQuery.Instant(context.Request, ExpectedLife.Name),
            CutForks = RequestQuery.Text(context.Request, Forks.Name) switch
            {
                null or "keep" => false,
                "cut" => true,
                _ => throw new InvalidRequestException(Forks.Name, "forks is keep or cut."),
            },
        };
        DeleteReceipt receipt = await conversation.DeleteAsync(request, context.RequestAborted);
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
    /// <param name="context">The request.</param>
    /// <exception cref="ConversationNotFoundException">It does not exist.</exception>
    public static async Task<Head> ReadAsync(Conversation conversation, HttpContext context) =>
        await conversation.GetHeadAsync(context.RequestAborted) ?? throw new ConversationNotFoundException(conversation.Key);
}
