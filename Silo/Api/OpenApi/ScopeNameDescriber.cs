using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;
using OrleansMemory.Silo.Api.Requests;

namespace OrleansMemory.Silo.Api.OpenApi;

/// <summary>Describes the names of a scope as they are: they may be left out, and are never null. Generated clients leave out what they were not given, then.</summary>
internal static class ScopeNameDescriber
{
    /// <summary>Describes a schema.</summary>
    /// <param name="schema">The schema.</param>
    /// <param name="context">Where it stands.</param>
    /// <param name="cancellationToken">Not needed.</param>
    /// <returns>A finished task.</returns>
    public static Task DescribeAsync(OpenApiSchema schema, OpenApiSchemaTransformerContext context, CancellationToken cancellationToken)
    {
        if (context.JsonPropertyInfo is { Name: "agent" or "user" or "session" } name && (name.DeclaringType == typeof(RecordBody) || name.DeclaringType == typeof(RecallBody)))
        {
            schema.Type &= ~JsonSchemaType.Null;
        }

        return Task.CompletedTask;
    }
}
