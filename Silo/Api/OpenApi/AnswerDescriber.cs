using Microsoft.AspNetCore.OpenApi;
using Microsoft.Net.Http.Headers;
using Microsoft.OpenApi;

namespace OrleansMemory.Silo.Api.OpenApi;

/// <summary>Says of each answer when it is given, and which headers it has.</summary>
internal static class AnswerDescriber
{
    private static readonly Dictionary<string, string> Meanings = new(StringComparer.Ordinal)
    {
        ["200"] = "Done.",
        ["201"] = "Done, and something new is there.",
        ["204"] = "Done; there is nothing to tell.",
        ["400"] = "The request is not valid. The problem names the part that is wrong and what would be right.",
        ["401"] = "An API key is required.",
        ["403"] = "The API key opens nothing here, or not this.",
        ["404"] = "There is no such thing.",
        ["409"] =
            "It is in conflict with what is there, such as another version or another turn of the same id. Sent again it is refused again.",
        ["410"] = "What it is about has been deleted or erased, and does not come back.",
        ["412"] = "A condition of the turn does not hold. Nothing was written.",
        ["413"] = "Something is too large. The problem has the size and the limit.",
        ["415"] = "The body is not JSON by its content type.",
        ["429"] = "Too much at a time. Nothing was done; the same request may be sent again after a pause.",
        ["503"] = "The store or the conversation cannot be reached now. The same request may be sent again after a pause.",
    };

    // Of requests that may name a turn.
    private static readonly Dictionary<string, string> MeaningsOfTurns = new(StringComparer.Ordinal)
    {
        ["200"] = "Done. What had been done before under this turn id is answered so as well, with the first receipt.",
        ["503"] =
            "The store or the conversation cannot be reached now. Whether something was written is not known; under the same turn id the request may be sent again after a pause.",
    };

    /// <summary>Describes the answers of an operation.</summary>
    /// <param name="context">Its route.</param>
    /// <param name="cancellationToken">Not needed.</param>
    /// <returns>A finished task.</returns>
    public static Task DescribeAsync(
        OpenApiOperation operation,
        OpenApiOperationTransformerContext context,
        CancellationToken cancellationToken
    )
    {
        bool mayNameTurn = context.Description.ActionDescriptor.EndpointMetadata.OfType<IdempotencyHeader>().Any();
        foreach ((string status, IOpenApiResponse answer) in operation.Responses ?? [])
        {
            if (answer is not OpenApiResponse response)
            {
                continue;
            }

            response.Description =
                mayNameTurn && MeaningsOfTurns.TryGetValue(status, out string? meaning)
                    ? meaning
                    : Meanings.GetValueOrDefault(status, response.Description ?? status);
            if (status is "429" or "503")
            {
                AddHeader(
                    response,
                    HeaderNames.RetryAfter,
                    "After how many seconds it may be sent again, 1 or more.",
                    new OpenApiSchema { Type = JsonSchemaType.Integer, Format = "int64" }
                );
            }
            else if (status == "201" && operation.OperationId is "putConversation" or "forkConversation" or "importConversation")
            {
                AddHeader(
                    response,
                    HeaderNames.Location,
                    "Where the conversation is found.",
                    new OpenApiSchema { Type = JsonSchemaType.String }
                );
            }
        }

        return Task.CompletedTask;
    }

    private static void AddHeader(OpenApiResponse response, string name, string description, OpenApiSchema schema)
    {
        response.Headers ??= new Dictionary<string, IOpenApiHeader>(StringComparer.Ordinal);
        response.Headers[name] = new OpenApiHeader { Description = description, Schema = schema };
    }
}
