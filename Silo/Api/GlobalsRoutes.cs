using System.Collections.Immutable;
using System.Text.Json;
using OrleansMemory.Client;
using OrleansMemory.Client.Json;
using OrleansMemory.Conversations;
using OrleansMemory.Errors;
using OrleansMemory.Silo.Api.Bodies;
using OrleansMemory.Silo.Api.Documents;
using OrleansMemory.Silo.Api.OpenApi;

namespace OrleansMemory.Silo.Api;

/// <summary>The user globals of a conversation.</summary>
internal static class GlobalsRoutes
{
    /// <summary>Maps the routes.</summary>
    public static void MapGlobals(this RouteGroupBuilder conversation)
    {
        conversation
            .MapGet("/globals", GetAsync)
            .WithName("getGlobals")
            .WithTags("Globals")
            .WithSummary("Reads the user globals, an object of values by name")
            .Produces<IReadOnlyDictionary<string, JsonElement>>()
            .Fails(404);
        conversation
            .MapMethods("/globals", [HttpMethods.Patch], PatchAsync)
            .WithName("patchGlobals")
            .WithTags("Globals")
            .WithSummary(
                "Changes user globals in one turn: each value replaces the one of its name, null removes it. Creates an unknown conversation"
            )
            .WithMetadata(IdempotencyHeader.Instance, RequestQuery.ExpectedVersion)
            .Accepts<IReadOnlyDictionary<string, JsonElement>>(JsonBody.ContentType)
            .Produces<ReceiptDocument>()
            .Fails(404, 409, 410, 413, 415);
    }

    private static async Task<IResult> GetAsync(string id, HttpContext context)
    {
        Conversation conversation = RequestTarget.Conversation(context, id);
        ImmutableArray<Entry> entries = await conversation.GetEntriesAsync(EntrySpaces.Globals, context.RequestAborted);
        await (entries.IsEmpty ? RequestTarget.RequireAsync(conversation, context) : Task.CompletedTask);
        context.Response.ContentType = JsonBody.ContentType;
        var writer = new Utf8JsonWriter(context.Response.BodyWriter, new JsonWriterOptions { Encoder = LoneSurrogateEncoder.Instance });
        await using (writer)
        {
            writer.WriteStartObject();
            foreach (Entry entry in entries)
            {
                writer.WritePropertyName(entry.Key);
                writer.WriteRawValue(entry.Value, skipInputValidation: true);
            }

            writer.WriteEndObject();
            await writer.FlushAsync(context.RequestAborted);
        }

        return TypedResults.Empty;
    }

    private static async Task<IResult> PatchAsync(string id, HttpContext context)
    {
        Conversation conversation = RequestTarget.Conversation(context, id);
        long? expected = RequestQuery.ReadExpectedVersion(context.Request);
        using RequestJson body = await JsonBody.ReadAsync(context);
        Dictionary<string, JsonElement> patch = StrictObject.ReadMap(body.RootElement, string.Empty);
        if (patch.Count == 0)
        {
            throw new InvalidRequestException("body", "The patch is empty. It names at least one user global.");
        }

        Turn turn = ToTurn(patch, RequestTarget.TurnId(context), expected);
        return TypedResults.Ok(ReceiptDocument.Of(await conversation.CommitAsync(turn, context.RequestAborted)));
    }

    private static Turn ToTurn(Dictionary<string, JsonElement> patch, string turnId, long? expected) =>
        new()
        {
            TurnId = turnId,
            ExpectedVersion = expected,
            EntryWrites =
            [
                .. patch
                    .Where(change => change.Value.ValueKind != JsonValueKind.Null)
                    .Select(change => new EntryWrite
                    {
                        Space = EntrySpaces.Globals,
                        Key = change.Key,
                        Value = change.Value.GetRawText(),
                    }),
            ],
            EntryDeletes =
            [
                .. patch
                    .Where(change => change.Value.ValueKind == JsonValueKind.Null)
                    .Select(change => new EntryDelete { Space = EntrySpaces.Globals, Key = change.Key }),
            ],
        };
}
