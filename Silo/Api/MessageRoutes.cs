using System.Collections.Immutable;
using OrleansMemory.Client;
using OrleansMemory.Client.Windows;
using OrleansMemory.Conversations;
using OrleansMemory.Errors;
using OrleansMemory.Silo.Api.Bodies;
using OrleansMemory.Silo.Api.Documents;
using OrleansMemory.Silo.Api.OpenApi;
using OrleansMemory.Silo.Api.Requests;

namespace OrleansMemory.Silo.Api;

/// <summary>The messages of a conversation.</summary>
internal static class MessageRoutes
{
    private const int MaxLimit = 1000;
    private const int DefaultLimit = 50;

    /// <summary>Maps the routes.</summary>
    public static void MapMessages(this RouteGroupBuilder conversation)
    {
        conversation
            .MapPost("/messages", PostAsync)
            .WithName("appendMessages")
            .WithTags("Messages")
            .WithSummary("Appends a message, or an array of them, as one turn. Creates an unknown conversation")
            .WithMetadata(IdempotencyHeader.Instance, OneOrManyMessages.Instance)
            .Accepts<MessageBody>(JsonBody.ContentType)
            .Produces<ReceiptDocument>()
            .Produces<ReceiptDocument>(StatusCodes.Status201Created)
            .Fails(409, 410, 413, 415);
        conversation
            .MapGet("/messages", GetAsync)
            .WithName("getMessages")
            .WithTags("Messages")
            .WithSummary("Reads a page of messages; without after and before it is the newest")
            .WithMetadata(
                new QueryParameter("limit", "integer", "How many messages at most, 1 to 1000. Default: 50."),
                new QueryParameter("after", "integer", "Only messages with a greater sequence, 0 or more."),
                new QueryParameter("before", "integer", "Only messages with a smaller sequence, 1 or more."),
                new QueryParameter("role", "string", "Only messages of this role: system, user, assistant or tool."),
                new QueryParameter("order", "string", "asc (oldest first, the default) or desc."),
                new QueryParameter(
                    "maxTokens",
                    "integer",
                    "Only the newest messages that together have at most so many tokens, 1 or more, by estimate (4 a message, and about a token for four letters or one CJK character). "
                        + "limit holds as well. It may be given to a model: results stand directly behind their calls, what lacks its other half is left out, and a message of "
                        + "which only a part is shown keeps its sequence. It may be empty. Not with after, before or role. Without maxTokens a page is raw, as the log holds it."
                )
            )
            .Produces<MessagePageDocument>()
            .Fails(404);
        conversation
            .MapDelete("/messages", ClearAsync)
            .WithName("clearMessages")
            .WithTags("Messages")
            .WithSummary("Drops all messages. Entries and settings stay, and sequences go on where they were")
            .WithMetadata(IdempotencyHeader.Instance)
            .Produces<ReceiptDocument>()
            .Fails(404, 409, 410);
        conversation
            .MapPost("/messages/truncate", TruncateAsync)
            .WithName("truncateMessages")
            .WithTags("Messages")
            .WithSummary("Drops all but the newest messages; a tool call is never separated from its result")
            .WithMetadata(IdempotencyHeader.Instance)
            .Accepts<TruncateBody>(JsonBody.ContentType)
            .Produces<ReceiptDocument>()
            .Fails(404, 409, 410, 413, 415);
    }

    private static async Task<IResult> PostAsync(string id, HttpContext context)
    {
        Conversation conversation = RequestTarget.Conversation(context, id);
        using RequestJson body = await JsonBody.ReadAsync(context);
        ImmutableArray<NewMessage> messages = [.. MessageBody.ReadOneOrMany(body.RootElement).Select(message => message.ToNewMessage())];
        var turn = new Turn { TurnId = RequestTarget.TurnId(context), Messages = messages };
        return TurnRoutes.Answer(await TurnParts.None.NameAsync(conversation.CommitAsync(turn, context.RequestAborted)));
    }

    private static async Task<IResult> GetAsync(string id, HttpContext context)
    {
        Conversation conversation = RequestTarget.Conversation(context, id);
        MessageQuery query = ReadQuery(context.Request);
        MessagePage page = ReadMaxTokens(context.Request, query) is { } maxTokens
            ? await conversation.GetNewestWithinAsync(maxTokens, query.Limit ?? DefaultLimit, query.Order, context.RequestAborted)
            : await conversation.GetStoredMessagesAsync(query, context.RequestAborted);
        return TypedResults.Ok(MessagePageDocument.Of(page));
    }

    private static long? ReadMaxTokens(HttpRequest request, MessageQuery query)
    {
        long? maxTokens = RequestQuery.Integer(request, "maxTokens", 1, long.MaxValue);
        return maxTokens is null || query is { After: null, Before: null, Role: null }
            ? maxTokens
            : throw new InvalidRequestException(
                "maxTokens",
                "maxTokens reads back from the newest message of any role: it goes with limit and order, not with after, before or role."
            );
    }

    private static async Task<IResult> ClearAsync(string id, HttpContext context)
    {
        Conversation conversation = RequestTarget.Conversation(context, id);
        TurnReceipt receipt = await conversation.ClearAsync(RequestTarget.TurnIdOrNull(context), context.RequestAborted);
        return TypedResults.Ok(ReceiptDocument.Of(receipt));
    }

    private static async Task<IResult> TruncateAsync(string id, HttpContext context)
    {
        Conversation conversation = RequestTarget.Conversation(context, id);
        using RequestJson body = await JsonBody.ReadAsync(context);
        TruncateBody truncate = TruncateBody.Read(body.RootElement);
        TurnReceipt receipt = await conversation.TruncateAsync(
            truncate.KeepLast,
            RequestTarget.TurnIdOrNull(context),
            context.RequestAborted
        );
        return TypedResults.Ok(ReceiptDocument.Of(receipt));
    }

    private static MessageQuery ReadQuery(HttpRequest request)
    {
        string? role = RequestQuery.Text(request, "role");
        if (role is not null && !MessageRoles.IsKnown(role))
        {
            throw new InvalidRequestException("role", "A role is system, user, assistant or tool.");
        }

        return new MessageQuery
        {
            Limit = (int?)RequestQuery.Integer(request, "limit", 1, MaxLimit),
            After = RequestQuery.Integer(request, "after", 0, long.MaxValue),
            Before = RequestQuery.Integer(request, "before", 1, long.MaxValue),
            Role = role,
            Order = RequestQuery.Text(request, "order") switch
            {
                null or "asc" => MessageOrder.Ascending,
                "desc" => MessageOrder.Descending,
                _ => throw new InvalidRequestException("order", "An order is asc or desc."),
            },
        };
    }
}
