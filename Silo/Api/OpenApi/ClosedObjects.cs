using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;
using OrleansMemory.Client.Json;

namespace OrleansMemory.Silo.Api.OpenApi;

/// <summary>
/// Says which objects have no other properties than those that are described: request bodies, whose unknown fields are refused, and messages. Generators of clients give every other object a member for
/// further properties, which would have the name of a message's own <c>additionalProperties</c>.
/// </summary>
internal static class ClosedObjects
{
    /// <summary>Describes a schema.</summary>
    /// <param name="schema">The schema.</param>
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

        return Task.CompletedTask;
    }
}
