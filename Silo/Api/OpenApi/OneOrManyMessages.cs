using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;
using OrleansMemory.Silo.Api.Bodies;

namespace OrleansMemory.Silo.Api.OpenApi;

/// <summary>Marks a route whose body is one message or an array of them, and says so in the document.</summary>
internal sealed class OneOrManyMessages
{
    /// <summary>The mark.</summary>
    public static readonly OneOrManyMessages Instance = new();

    private OneOrManyMessages() { }

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
        bool isMarked = context.Description.ActionDescriptor.EndpointMetadata.OfType<OneOrManyMessages>().Any();
        if (isMarked && operation.RequestBody?.Content?[JsonBody.ContentType] is { Schema: { } one } media)
        {
            media.Schema = new OpenApiSchema { OneOf = [one, new OpenApiSchema { Type = JsonSchemaType.Array, Items = one }] };
        }

        return Task.CompletedTask;
    }
}
