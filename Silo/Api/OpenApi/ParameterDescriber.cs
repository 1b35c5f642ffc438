using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace OrleansMemory.Silo.Api.OpenApi;

/// <summary>Adds to each operation the query parameters and the headers that its route reads by itself.</summary>
internal static class ParameterDescriber
{
    /// <summary>Describes an operation.</summary>
    /// <param name="operation">The operation.</param>
    /// <param name="context">Its route.</param>
    /// <param name="cancellationToken">Not needed.</param>
    /// <returns>A finished task.</returns>
    public static Task DescribeAsync(OpenApiOperation operation, OpenApiOperationTransformerContext context, CancellationToken cancellationToken)
    {
        IList<object> metadata = context.Description.ActionDescriptor.EndpointMetadata;
        operation.Parameters ??= [];
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
            operation.Parameters.Add(Make(
                RequestTarget.IdempotencyKey,
                ParameterLocation.Header,
                JsonSchemaType.String,
                "The turn's id, 1 to 256 bytes: sent again with the same request it answers with the first receipt and writes nothing."));
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

        // A name with a placeholder in it is none that a generated client could have.
        return parameter.Object is { } name
            ? new OpenApiParameter
            {
                Name = name,
                In = ParameterLocation.Query,
                Description = parameter.Description,
                Style = ParameterStyle.DeepObject,
                Explode = true,
                Schema = new OpenApiSchema { Type = JsonSchemaType.Object, AdditionalProperties = value },
            }
            : new OpenApiParameter { Name = parameter.Name, In = ParameterLocation.Query, Description = parameter.Description, Schema = value };
    }

    private static OpenApiParameter Make(string name, ParameterLocation place, JsonSchemaType type, string description) => new()
    {
        Name = name,
        In = place,
        Description = description,
        Schema = new OpenApiSchema { Type = type },
    };
}
