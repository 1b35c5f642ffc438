using System.Collections.Immutable;
using System.Text.Json;
using OrleansMemory.Client;
using OrleansMemory.Conversations;
using OrleansMemory.Errors;
using OrleansMemory.Silo.Api.Bodies;
using OrleansMemory.Silo.Api.Documents;
using OrleansMemory.Silo.Api.OpenApi;
using OrleansMemory.Silo.Errors;

namespace OrleansMemory.Silo.Api;

/// <summary>Entries of session namespaces. Namespaces and keys are any text, percent-encoded in the path, a slash as <c>%2F</c>.</summary>
internal static class EntryRoutes
{
    /// <summary>Maps the routes.</summary>
    public static void MapEntries(this RouteGroupBuilder conversation)
    {
        conversation
            .MapGet("/entries", ListAllAsync)
            .WithName("getAllEntries")
            .WithTags("Entries")
            .WithSummary("Reads the live entries of all namespaces, of one version")
            .Produces<EntriesDocument>()
            .Fails(404);
        conversation
            .MapGet("/entries/{namespace}", ListAsync)
            .WithName("getEntries")
            .WithTags("Entries")
            .WithSummary("Reads the live entries of a namespace")
            .Produces<EntriesDocument>()
            .Fails(404);
        conversation
            .MapGet("/entries/{namespace}/{key}", GetAsync)
            .WithName("getEntry")
            .WithTags("Entries")
            .WithSummary("Reads an entry")
            .Produces<EntryDocument>()
            .Fails(404);
        conversation
            .MapPut("/entries/{namespace}/{key}", PutAsync)
            .WithName("putEntry")
            .WithTags("Entries")
            .WithSummary("Sets an entry: the body, any JSON, is its value. Creates an unknown conversation")
            .WithMetadata(
                IdempotencyHeader.Instance,
                new QueryParameter("ttlSeconds", "number", "How long the entry lives, more than 0 seconds. Default: it does not expire.")
            )
            .Accepts<JsonElement>(JsonBody.ContentType)
            .Produces<ReceiptDocument>()
            .Fails(409, 410, 413, 415);
        conversation
            .MapDelete("/entries/{namespace}/{key}", DeleteAsync)
            .WithName("deleteEntry")
            .WithTags("Entries")
            .WithSummary("Removes an entry. Removing what is not there is no error")
            .WithMetadata(IdempotencyHeader.Instance)
            .Produces<ReceiptDocument>()
            .Fails(404, 409, 410);
    }

    private static async Task<IResult> ListAllAsync(string id, HttpContext context)
    {
        Conversation conversation = RequestTarget.Conversation(context, id);
        ConversationSnapshot snapshot =
            await conversation.GetSnapshotAsync(context.RequestAborted) ?? throw new ConversationNotFoundException(conversation.Key);
        return TypedResults.Ok(
            new EntriesDocument([
                .. snapshot
                    .Entries.Where(static entry => entry.Space.StartsWith(EntrySpaces.SessionPrefix, StringComparison.Ordinal))
                    .Select(EntryDocument.Of),
            ])
        );
    }

    private static async Task<IResult> ListAsync(string id, string @namespace, HttpContext context)
    {
        Conversation conversation = RequestTarget.Conversation(context, id);
        string space = EntrySpaces.Session(RequestTarget.Segment(context, 0, @namespace));
        ImmutableArray<Entry> entries = await conversation.GetEntriesAsync(space, context.RequestAborted);
        await (entries.IsEmpty ? RequestTarget.RequireAsync(conversation, context) : Task.CompletedTask);
        return TypedResults.Ok(new EntriesDocument([.. entries.Select(EntryDocument.Of)]));
    }

    private static async Task<IResult> GetAsync(string id, string @namespace, string key, HttpContext context)
    {
        Conversation conversation = RequestTarget.Conversation(context, id);
        (string space, string name) = Address(context, @namespace, key);
        if (await conversation.GetEntryAsync(space, name, context.RequestAborted) is { } entry)
        {
            return TypedResults.Ok(EntryDocument.Of(entry));
        }

        await RequestTarget.RequireAsync(conversation, context);
        throw new ProblemException(SiloProblem.NoEntry());
    }

    private static async Task<IResult> PutAsync(string id, string @namespace, string key, HttpContext context)
    {
        Conversation conversation = RequestTarget.Conversation(context, id);
        (string space, string name) = Address(context, @namespace, key);
        TimeSpan? timeToLive = RequestQuery.Seconds(context.Request, "ttlSeconds");
        using RequestJson body = await JsonBody.ReadAsync(context);
        TurnReceipt receipt = await conversation.SetEntryAsync(
            space,
            name,
            body.RootElement.GetRawText(),
            timeToLive,
            RequestTarget.TurnIdOrNull(context),
            context.RequestAborted
        );
        return TypedResults.Ok(ReceiptDocument.Of(receipt));
    }

    private static async Task<IResult> DeleteAsync(string id, string @namespace, string key, HttpContext context)
    {
        Conversation conversation = RequestTarget.Conversation(context, id);
        (string space, string name) = Address(context, @namespace, key);
        TurnReceipt receipt = await conversation.DeleteEntryAsync(space, name, RequestTarget.TurnIdOrNull(context), context.RequestAborted);
        return TypedResults.Ok(ReceiptDocument.Of(receipt));
    }

    private static (string Space, string Key) Address(HttpContext context, string sessionNamespace, string key) =>
        (EntrySpaces.Session(RequestTarget.Segment(context, 1, sessionNamespace)), RequestTarget.Segment(context, 0, key));
}
