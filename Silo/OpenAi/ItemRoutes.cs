using OrleansMemory.Client;
using OrleansMemory.Conversations;
using OrleansMemory.Errors;
using OrleansMemory.Silo.Api;
using OrleansMemory.Silo.Api.Bodies;

namespace OrleansMemory.Silo.OpenAi;

/// <summary>The items of a conversation.</summary>
internal static class ItemRoutes
{
    private const int MaxLimit = 100;
    private const int DefaultLimit = 20;

    private const string Items = "items";
    private const string After = "after";

    private static readonly string[] Orders = ["asc", "desc"];

    /// <summary>Maps the routes.</summary>
    public static void MapItems(this RouteGroupBuilder conversations)
    {
        conversations.MapPost("/{id}/items", CreateAsync);
        conversations.MapGet("/{id}/items", ListAsync);
        conversations.MapGet("/{id}/items/{itemId}", GetAsync);
        conversations.MapDelete("/{id}/items/{itemId}", DeleteAsync);
    }

    private static async Task<IResult> CreateAsync(string id, HttpContext context)
    {
        OpenAiQuery.Check(context.Request.Query, OpenAiQuery.Include);
        var includes = ItemIncludes.Read(context.Request.Query);
        Conversation conversation = RequestTarget.Conversation(context, id);
        (IReadOnlyList<WrittenItem> items, string fingerprint) = await ReadItemsAsync(context);
        IReadOnlyList<ConversationItem> stored = await ItemTurns.AppendAsync(
            conversation,
            items,
            RequestTarget.TurnId(context),
            fingerprint,
            context.RequestAborted
        );
        return OpenAiAnswer.Items(ItemPage.Of(stored), includes);
    }

    private static async Task<(IReadOnlyList<WrittenItem> Items, string Fingerprint)> ReadItemsAsync(HttpContext context)
    {
        using RequestJson body = await JsonBody.ReadAsync(context);
        var fields = new ItemFields(OpenAiRoutes.ReadFields(body.RootElement, Items), string.Empty);
        IReadOnlyList<WrittenItem> items = ItemWriter.ReadAll(fields.Find(Items) ?? throw OpenAiProblem.Missing(Items), Items);
        return items.Count > 0 ? (items, RequestHash.Of("create-items", body.RootElement.GetRawText())) : throw OpenAiProblem.TooFew(Items);
    }

    private static async Task<IResult> ListAsync(string id, HttpContext context)
    {
        OpenAiQuery.Check(context.Request.Query, OpenAiQuery.List);
        var includes = ItemIncludes.Read(context.Request.Query);
        Conversation conversation = RequestTarget.Conversation(context, id);
        int limit = (int)(RequestQuery.Integer(context.Request, "limit", 1, MaxLimit) ?? DefaultLimit);
        MessageOrder order = RequestQuery.Text(context.Request, "order") switch
        {
            null or "desc" => MessageOrder.Descending,
            "asc" => MessageOrder.Ascending,
            _ => throw OpenAiProblem.WrongValue("order", Orders),
        };
        FoundItem? after = RequestQuery.Text(context.Request, After) is { Length: > 0 } cursor
            ? await ItemLookup.FindCursorAsync(conversation, cursor, context.RequestAborted) ?? throw OpenAiProblem.NoItem(After)
            : null;
        return OpenAiAnswer.Items(await ItemPage.ReadAsync(conversation, order, limit, after, context.RequestAborted), includes);
    }

    private static async Task<IResult> GetAsync(string id, string itemId, HttpContext context)
    {
        OpenAiQuery.Check(context.Request.Query, OpenAiQuery.Include);
        var includes = ItemIncludes.Read(context.Request.Query);
        Conversation conversation = RequestTarget.Conversation(context, id);
        FoundItem found =
            await ItemLookup.FindAsync(conversation, RequestTarget.Segment(context, 0, itemId), context.RequestAborted)
            ?? throw OpenAiProblem.NoItem("item_id");
        return OpenAiAnswer.Item(found.Item, includes);
    }

    private static async Task<IResult> DeleteAsync(string id, string itemId, HttpContext context)
    {
        OpenAiQuery.Check(context.Request.Query, OpenAiQuery.None);
        Conversation conversation = RequestTarget.Conversation(context, id);
        string? key = RequestTarget.TurnIdOrNull(context);
        Head head = await conversation.GetHeadAsync(context.RequestAborted) ?? throw new ConversationNotFoundException(conversation.Key);
        await ItemDeletion.DeleteAsync(
            conversation,
            head,
            RequestTarget.Segment(context, 0, itemId),
            key ?? Conversation.NewTurnId(),
            isNew: key is null,
            context.RequestAborted
        );
        return OpenAiAnswer.Conversation(head);
    }
}
