using System.Text.Json.Nodes;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace OrleansMemory.Silo.Api.OpenApi;

/// <summary>Adds to each operation the query parameters and the headers that its route reads by itself.</summary>
internal static class ParameterDescriber
{
    private static readonly Dictionary<string, (string Description, JsonNode Example)> PathParameters = new(StringComparer.Ordinal)
    {
        ["id"] = (
            "The conversation's id: 1 to 256 ASCII letters, digits or any of - . _ ~ : @ + = | , ; ! $ * ( ), and not '.' or '..'.",
            "lisbon-trip"
        ),
        ["memory"] = ("The memory's id, as it was answered when it was recorded.", "01a229d0a49d766cb82f3684c4cf1681"),
        ["turnId"] = ("The id that the turn was committed under. A slash is written %2F.", "turn-1"),
        ["namespace"] = ("The namespace: any text. A slash is written %2F.", "notes"),
        ["key"] = ("The entry's key: any text. A slash is written %2F.", "budget"),
        ["type"] = ("The kind: WORKING_MEMORY, SHORT_TERM_MEMORY or LONG_TERM_MEMORY, in upper or lower case.", "WORKING_MEMORY"),
        ["tenant"] = ("The tenant's name.", "acme"),
        ["userId"] = ("The user's id, as conversations and memories have it. A slash is written %2F.", "ana"),
    };

    /// <summary>Describes an operation.</summary>
    /// <param name="context">Its route.</param>
    /// <param name="cancellationToken">Not needed.</param>
    /// <returns>A finished task.</returns>
    public static Task DescribeAsync(
        OpenApiOperation operation,
        OpenApiOperationTransformerContext context,
        CancellationToken cancellationToken
    )
    {
        IList<object> metadata = context.Description.ActionDescriptor.EndpointMetadata;
        operation.Parameters ??= [];
        foreach (
            OpenApiParameter parameter in operation
                .Parameters.OfType<OpenApiParameter>()
                .Where(parameter => parameter.In == ParameterLocation.Path)
        )
        {
            bool isMemory = context.Description.RelativePath?.StartsWith("v1/memories", StringComparison.Ordinal) ?? false;
            (parameter.Description, parameter.Example) = PathParameters[isMemory ? "memory" : parameter.Name!];
        }

        foreach (QueryParameter parameter in metadata.OfType<QueryParameter>())
        {
            operation.Parameters.Add(Make(parameter));
        }

        foreach (HeaderParameter header in metadata.OfType<HeaderParameter>())
        {
            operation.Parameters.Add(Make(header.Name, ParameterLocation.Header, JsonSchemaType.String, header.Description));
        }

        if (metadata.OfType<IdempotencyHeader>().Any())
        {
            operation.Parameters.Add(
                Make(
                    RequestTarget.IdempotencyKey,
                    ParameterLocation.Header,
                    JsonSchemaType.String,
                    "The turn's id, 1 to 256 bytes: sent again with the same request it answers with the first receipt and writes nothing."
                )
            );
        }

        return Task.CompletedTask;
    }

    private static OpenApiParameter Make(QueryParameter parameter)
    {
        OpenApiSchema value = parameter.Type switch
        {
            // Sequences and versions are long.
            "integer" => new OpenApiSchema { Type = JsonSchemaType.Integer, Format = "int64" },
            "number" => new OpenApiSchema { Type = JsonSchemaType.Number, Format = "double" },
            _ => new OpenApiSchema { Type = JsonSchemaType.String },
        };

        // A name with a placeholder in it is none that a generated client could have, and of an object generators forget the name (NSwag)
        // or the form (Kiota). A list of texts all of them take.
        return new OpenApiParameter
        {
            Name = parameter.Object ?? parameter.Name,
            In = ParameterLocation.Query,
            Description = parameter.Description,
            Required = parameter.IsRequired,
            Example = parameter.Example,
            Schema = parameter.Object is null ? value : new OpenApiSchema { Type = JsonSchemaType.Array, Items = value },
            Explode = parameter.Object is not null,
            Style = parameter.Object is not null ? ParameterStyle.Form : null,
        };
    }

    private static OpenApiParameter Make(string name, ParameterLocation place, JsonSchemaType type, string description) =>
        new()
        {
            Name = name,
            In = place,
            Description = description,
            Schema = new OpenApiSchema { Type = type },
        };
}
