using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;
using OrleansMemory.Silo.Api.Requests;

namespace OrleansMemory.Silo.Api.OpenApi;

/// <summary>Describes the names of a scope as they are: each may be left out, and none be null.</summary>
internal static class ScopeNamesDescriber
{
    /// <summary>Describes a schema.</summary>
    /// <param name="context">Where it stands.</param>
    /// <param name="cancellationToken">Not needed.</param>
    /// <returns>A finished task.</returns>
    public static Task DescribeAsync(OpenApiSchema schema, OpenApiSchemaTransformerContext context, CancellationToken cancellationToken)
    {
        if (
            context.JsonPropertyInfo is { Name: "agent" or "user" or "session" } name
            && (name.DeclaringType == typeof(RecordBody) || name.DeclaringType == typeof(RecallBody))
        )
        {
            schema.Type &= ~JsonSchemaType.Null;
        }

        return Task.CompletedTask;
    }
}
