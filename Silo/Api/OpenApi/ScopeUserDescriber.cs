using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;
using OrleansMemory.Silo.Api.Requests;

namespace OrleansMemory.Silo.Api.OpenApi;

/// <summary>Describes the user of a scope as it is: it may be left out, and never be null.</summary>
internal static class ScopeUserDescriber
{
    /// <summary>Describes a schema.</summary>
    /// <param name="context">Where it stands.</param>
    /// <param name="cancellationToken">Not needed.</param>
    /// <returns>A finished task.</returns>
    public static Task DescribeAsync(OpenApiSchema schema, OpenApiSchemaTransformerContext context, CancellationToken cancellationToken)
    {
        if (context.JsonPropertyInfo is { Name: "user" } user && (user.DeclaringType == typeof(RecordBody) || user.DeclaringType == typeof(RecallBody)))
        {
            schema.Type &= ~JsonSchemaType.Null;
        }

        return Task.CompletedTask;
    }
}
