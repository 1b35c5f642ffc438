using OrleansMemory.Client.Compatibility.Arshai;
using OrleansMemory.Conversations;
using OrleansMemory.Errors;
using OrleansMemory.Grains.Hosting;
using OrleansMemory.Silo.Api.Bodies;
using OrleansMemory.Silo.Api.Documents;
using OrleansMemory.Silo.Api.OpenApi;
using OrleansMemory.Silo.Api.Requests;
using OrleansMemory.Silo.Errors;

namespace OrleansMemory.Silo.Api;

/// <summary>The working memories of a conversation, one of each type. Types are read in upper and lower case.</summary>
internal static class WorkingMemoryRoutes
{
    private const string Path = "/working-memory/{type}";

    /// <summary>Maps the routes.</summary>
    public static void MapWorkingMemory(this RouteGroupBuilder conversation)
    {
        conversation
            .MapGet("/working-memory", ListAsync)
            .WithName("listWorkingMemories")
            .WithTags("Working memory")
            .WithSummary("Reads the working memories of all kinds")
            .Produces<WorkingMemoryListDocument>()
            .Fails(404);
        conversation
            .MapPut(Path, PutAsync)
            .WithName("putWorkingMemory")
            .WithTags("Working memory")
            .WithSummary(
                "Stores a working memory in place of the one there was, for 12 hours unless told otherwise. Creates an unknown conversation"
            )
            .WithMetadata(IdempotencyHeader.Instance)
            .Accepts<WorkingMemoryBody>(JsonBody.ContentType)
            .Produces<ReceiptDocument>()
            .Fails(409, 410, 413, 415);
        conversation
            .MapGet(Path, GetAsync)
            .WithName("getWorkingMemory")
            .WithTags("Working memory")
            .WithSummary("Reads a working memory")
            .Produces<WorkingMemoryDocument>()
            .Fails(404, 409, 410);
        conversation
            .MapPatch(Path, PatchAsync)
            .WithName("updateWorkingMemory")
            .WithTags("Working memory")
            .WithSummary("Replaces the text of a working memory; metadata, creation and expiry stay")
            .WithMetadata(IdempotencyHeader.Instance)
            .Accepts<WorkingMemoryTextBody>(JsonBody.ContentType)
            .Produces<ReceiptDocument>()
            .Fails(404, 409, 410, 413, 415);
        conversation
            .MapDelete(Path, DeleteAsync)
            .WithName("deleteWorkingMemory")
            .WithTags("Working memory")
            .WithSummary("Removes a working memory. Removing what is not there is no error")
            .WithMetadata(IdempotencyHeader.Instance)
            .Produces<ReceiptDocument>()
            .Fails(404, 409, 410);
    }

    private static async Task<IResult> ListAsync(string id, HttpContext context)
    {
        IReadOnlyList<(ConversationMemoryType Type, Entry Entry)> memories = await Open(context, id).ListAsync(context.RequestAborted);
        return TypedResults.Ok(
            new WorkingMemoryListDocument([.. memories.Select(memory => WorkingMemoryDocument.Of(id, memory.Type, memory.Entry))])
        );
    }

    private static async Task<IResult> PutAsync(string id, string type, HttpContext context)
    {
        WorkingMemoryEntries memories = Open(context, id);
        ConversationMemoryType kind = ConversationMemoryTypes.Parse(type);
        using RequestJson body = await JsonBody.ReadAsync(context);
        WorkingMemoryBody memory = WorkingMemoryBody.Read(body.RootElement);
        TurnReceipt receipt = await NameAsync(
            memories.PutAsync(
                kind,
                memory.WorkingMemory!,
                memory.Metadata,
                memory.TimeToLive,
                RequestTarget.TurnIdOrNull(context),
                context.RequestAborted
            )
        );
        return TypedResults.Ok(ReceiptDocument.Of(receipt));
    }

    private static async Task<IResult> GetAsync(string id, string type, HttpContext context)
    {
        WorkingMemoryEntries memories = Open(context, id);
        ConversationMemoryType kind = ConversationMemoryTypes.Parse(type);
        Entry entry = await memories.FindAsync(kind, context.RequestAborted) ?? throw new ProblemException(SiloProblem.NoWorkingMemory());
        return TypedResults.Ok(WorkingMemoryDocument.Of(id, kind, entry));
    }

    private static async Task<IResult> PatchAsync(string id, string type, HttpContext context)
    {
        WorkingMemoryEntries memories = Open(context, id);
        ConversationMemoryType kind = ConversationMemoryTypes.Parse(type);
        using RequestJson body = await JsonBody.ReadAsync(context);
        string text = WorkingMemoryTextBody.Read(body.RootElement);
        TurnReceipt receipt =
            await NameAsync(memories.UpdateAsync(kind, text, RequestTarget.TurnIdOrNull(context), context.RequestAborted))
            ?? throw new ProblemException(SiloProblem.NoWorkingMemory());
        return TypedResults.Ok(ReceiptDocument.Of(receipt));
    }

    private static async Task<IResult> DeleteAsync(string id, string type, HttpContext context)
    {
        TurnReceipt receipt = await Open(context, id)
            .DeleteAsync(ConversationMemoryTypes.Parse(type), RequestTarget.TurnIdOrNull(context), context.RequestAborted);
        return TypedResults.Ok(ReceiptDocument.Of(receipt));
    }

    private static WorkingMemoryEntries Open(HttpContext context, string id) =>
        new(RequestTarget.Conversation(context, id), context.RequestServices.GetRequiredKeyedService<TimeProvider>(MemoryClock.ServiceKey));

    /// <summary>Makes a call whose errors name the fields of the request.</summary>
    private static async Task<T> NameAsync<T>(Task<T> call)
    {
        const string Write = "entries[0]";
        try
        {
            return await call;
        }
        catch (InvalidRequestException failure) when (failure.Parameter.StartsWith(Write, StringComparison.Ordinal))
        {
            string name = failure.Parameter == Write + ".ttl" ? "ttlSeconds" : "workingMemory";
            throw new InvalidRequestException(name, failure.Message.Replace(failure.Parameter, name, StringComparison.Ordinal));
        }
        catch (PayloadTooLargeException failure) when (failure.Parameter.StartsWith(Write, StringComparison.Ordinal))
        {
            throw new PayloadTooLargeException("workingMemory", failure.Actual, failure.Limit, failure.Unit);
        }
    }
}
