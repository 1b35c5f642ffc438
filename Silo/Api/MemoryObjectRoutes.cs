using System.Text.Json;
using OrleansMemory.Client;
using OrleansMemory.Client.Compatibility.AutoGrams;
using OrleansMemory.Conversations;
using OrleansMemory.Silo.Api.Bodies;
using OrleansMemory.Silo.Api.Documents;
using OrleansMemory.Silo.Api.OpenApi;
using OrleansMemory.Silo.Errors;
using OrleansMemory.Silo.Hosting;

namespace OrleansMemory.Silo.Api;

/// <summary>The memory of a conversation's program as a whole.</summary>
internal static class MemoryObjectRoutes
{
    private static readonly QueryParameter Format = new(
        "format",
        "string",
        "partial (the memory, the default), full (with configuration and root function) or json (the bare memory_dict of AutoGRAMS)."
    );

    /// <summary>Maps the routes.</summary>
    public static void MapMemoryObject(this RouteGroupBuilder conversation)
    {
        conversation
            .MapGet("/memory-object", GetAsync)
            .WithName("getMemoryObject")
            .WithTags("MemoryObject")
            .WithSummary(
                "Streams the memory of the conversation's program with all its turns; the connection breaks off if it cannot be completed"
            )
            .WithMetadata(Format)
            .Produces<JsonElement>()
            .Fails(404);
        conversation
            .MapPut("/memory-object", PutAsync)
            .WithName("putMemoryObject")
            .WithTags("MemoryObject")
            .WithSummary(
                "Replaces the program's memory, and with it the user globals and all messages, at once. Creates an unknown conversation"
            )
            .WithMetadata(IdempotencyHeader.Instance, Format, RequestQuery.ExpectedVersion)
            .Accepts<JsonElement>(JsonBody.ContentType)
            .Produces<ReceiptDocument>()
            .Produces<ReceiptDocument>(StatusCodes.Status201Created)
            .Fails(409, 410, 413, 415);
    }

    private static async Task<IResult> GetAsync(string id, HttpContext context)
    {
        Conversation conversation = RequestTarget.Conversation(context, id);
        SerializationMode mode = ReadFormat(context);
        MemoryObject memory =
            await MemoryObject.TryOpenAsync(conversation, cancellationToken: context.RequestAborted)
            ?? throw new ProblemException(SiloProblem.NoMemoryObject());
        context.Response.ContentType = JsonBody.ContentType;
        await (HeadRequests.IsHead(context) ? Task.CompletedTask : memory.SaveAsync(context.Response.Body, mode, context.RequestAborted));
        return TypedResults.Empty;
    }

    private static async Task<IResult> PutAsync(string id, HttpContext context)
    {
        Conversation conversation = RequestTarget.Conversation(context, id);
        SerializationMode mode = ReadFormat(context);
        long? expected = RequestQuery.ReadExpectedVersion(context.Request);
        using RequestJson body = await JsonBody.ReadAsync(context);
        MemoryObject memory = MemoryObject.Read(body.RootElement.Clone(), mode, new MemoryObjectOptions());
        TurnReceipt receipt = await memory.ReplaceAsync(
            conversation,
            RequestTarget.TurnIdOrNull(context),
            expected,
            context.RequestAborted
        );
        return TurnRoutes.Answer(receipt);
    }

    private static SerializationMode ReadFormat(HttpContext context) =>
        SerializationModes.Parse(RequestQuery.Text(context.Request, Format.Name), Format.Name);
}
