using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;
using OrleansMemory.Client.Json;

namespace OrleansMemory.Silo.Api.OpenApi;

/// <summary>
/// Says which objects are open and which are not. Request bodies, whose unknown fields are refused, and messages have no other properties
/// than those that are described: generators of clients give an object that may have others a member for them, which would have the name of
/// a message's own <c>additionalProperties</c>. Objects of which nothing is described take any property, which has to be said.
/// </summary>
internal static class ObjectDescriber
{
    /// <summary>Describes a schema.</summary>
    /// <param name="context">Where it stands.</param>
    /// <param name="cancellationToken">Not needed.</param>
    /// <returns>A finished task.</returns>
    public static Task DescribeAsync(OpenApiSchema schema, OpenApiSchemaTransformerContext context, CancellationToken cancellationToken)
    {
        Type type = context.JsonTypeInfo.Type;
        if (schema.Properties is { Count: > 0 } && (type == typeof(MessageDocument) || type.Namespace == "OrleansMemory.Silo.Api.Requests"))
        {
            schema.AdditionalPropertiesAllowed = false;
        }
        else if (
            schema is { Type: { } kind, Properties: null or { Count: 0 }, AdditionalProperties: null }
            && kind.HasFlag(JsonSchemaType.Object)
        )
        {
            schema.AdditionalProperties = new OpenApiSchema();
        }

        return Task.CompletedTask;
    }
}
