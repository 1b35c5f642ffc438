using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;
using OrleansMemory.Silo.Access;

namespace OrleansMemory.Silo.Api.OpenApi;

/// <summary>Says of each operation which key it takes.</summary>
internal static class AccessDescriber
{
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
        if (metadata.OfType<IAllowAnonymous>().Any())
        {
            operation.Security = [];
            return Task.CompletedTask;
        }

        string needs = $"Takes a key with the role {AccessPolicies.LeastRole(metadata.OfType<IAuthorizeData>())} or a higher one.";
        operation.Description = string.IsNullOrEmpty(operation.Description) ? needs : $"{operation.Description} {needs}";
        return Task.CompletedTask;
    }
}
