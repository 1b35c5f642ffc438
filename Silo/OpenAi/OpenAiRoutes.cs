using System.Text.Json;
using OrleansMemory.Client;
using OrleansMemory.Client.Json;
using OrleansMemory.Conversations;
using OrleansMemory.Errors;
using OrleansMemory.Silo.Access;
using OrleansMemory.Silo.Api;
using OrleansMemory.Silo.Api.Bodies;

namespace OrleansMemory.Silo.OpenAi;

/// <summary>
/// Conversations as OpenAI's clients have them. They are the same conversations as everywhere else. OpenAI describes these routes, so our
/// own description leaves them out.
/// </summary>
internal static class OpenAiRoutes
{
    private const string Metadata = "metadata";
    private const string Items = "items";

    /// <summary>Maps the routes.</summary>
    public static void MapOpenAi(this WebApplication app)
    {
        RouteGroupBuilder conversations = app.MapGroup($"{OpenAiSurface.Path}/v1/conversations");
        conversations.RequireRoleByMethod();
        conversations.ExcludeFromDescription();

        // As a delegate: a method of this shape would be taken for one whose answer is not looked at.
        conversations.MapPost("", (Delegate)CreateAsync);
        conversations.MapGet("/{id}", GetAsync);
        conversations.MapPost("/{id}", UpdateAsync);
        conversations.MapDelete("/{id}", DeleteAsync).AddEndpointFilter(AuditFilter.StateActorAsync);
        conversations.MapItems();
    }

    private static async Task<IResult> CreateAsync(HttpContext context)
    {
        OpenAiQuery.Check(context.Request.Query, OpenAiQuery.None);
        string? user = OpenAiHeaders.ReadUser(context);
        string? key = RequestTarget.TurnIdOrNull(context);
        Conversation conversation = RequestTarget.Conversation(
            context,
            key is null ? ItemIds.NewConversation() : ItemIds.ConversationOf(key, user)
        );
        Turn turn = await ReadCreationAsync(context, key ?? Conversation.NewTurnId(), user);
        await ItemTurns.CommitAsync(conversation, turn, context.RequestAborted);
        return OpenAiAnswer.Conversation(await ConversationRoutes.ReadAsync(conversation, context));
    }

    private static async Task<IResult> GetAsync(string id, HttpContext context)
    {
        OpenAiQuery.Check(context.Request.Query, OpenAiQuery.None);
        return OpenAiAnswer.Conversation(await ConversationRoutes.ReadAsync(RequestTarget.Conversation(context, id), context));
    }

    private static async Task<IResult> UpdateAsync(string id, HttpContext context)
    {
        OpenAiQuery.Check(context.Request.Query, OpenAiQuery.None);
        Conversation conversation = RequestTarget.Conversation(context, id);
        using RequestJson body = await JsonBody.ReadAsync(context);
        Dictionary<string, JsonElement> fields = ReadFields(body.RootElement, Metadata);
        if (!fields.ContainsKey(Metadata))
        {
            throw OpenAiProblem.Missing(Metadata);
        }

        string? metadata = MetadataRules.Read(new ItemFields(fields, string.Empty).Find(Metadata));
        var turn = new Turn
        {
            TurnId = RequestTarget.TurnId(context),
            MustExist = true,
            Settings = Settings(metadata, null),
        };
        await ItemTurns.CommitAsync(conversation, turn, context.RequestAborted);
        return OpenAiAnswer.Conversation(await ConversationRoutes.ReadAsync(conversation, context));
    }

    private static async Task<IResult> DeleteAsync(string id, HttpContext context)
    {
        OpenAiQuery.Check(context.Request.Query, OpenAiQuery.None);
        Conversation conversation = RequestTarget.Conversation(context, id);
        DeleteReceipt receipt = await conversation.DeleteAsync(context.RequestAborted);
        return receipt.Existed ? OpenAiAnswer.Deleted(conversation.Key.Id) : throw new ConversationNotFoundException(conversation.Key);
    }

    /// <summary>The turn that begins a conversation. A request without a body begins one with nothing in it.</summary>
    private static async Task<Turn> ReadCreationAsync(HttpContext context, string turnId, string? user)
    {
        var turn = new Turn
        {
            TurnId = turnId,
            ExpectedVersion = 0,
            Fingerprint = RequestHash.Of("create", string.Empty),
            Settings = Settings(null, user),
        };
        if (context.Request is { ContentType: null, ContentLength: null or 0 })
        {
            return turn;
        }

        using RequestJson body = await JsonBody.ReadAsync(context);
        var fields = new ItemFields(ReadFields(body.RootElement, Metadata, Items), string.Empty);
        IReadOnlyList<WrittenItem> items = fields.Find(Items) is { } given ? ItemWriter.ReadAll(given, Items) : [];
        return turn with
        {
            Fingerprint = RequestHash.Of("create", body.RootElement.GetRawText()),
            Settings = Settings(MetadataRules.Read(fields.Find(Metadata)), user),
            Messages = [.. items.Select(static item => item.Message)],
        };
    }

    private static SettingsChange Settings(string? metadata, string? user) =>
        new()
        {
            Values = new ConversationSettings { Metadata = metadata, UserId = user },
            Fields = SettingsFields.Metadata | (user is null ? SettingsFields.None : SettingsFields.UserId),
        };

    /// <summary>Reads the fields of a body.</summary>
    /// <param name="known">The fields that it may have.</param>
    public static Dictionary<string, JsonElement> ReadFields(JsonElement body, params string[] known)
    {
        Dictionary<string, JsonElement> fields = StrictObject.ReadMap(body, string.Empty);
        return fields.Keys.FirstOrDefault(name => !known.Contains(name, StringComparer.Ordinal)) is { } unknown
            ? throw OpenAiProblem.Unknown(unknown)
            : fields;
    }
}
