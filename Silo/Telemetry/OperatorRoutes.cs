using OrleansMemory.Silo.Access;

namespace OrleansMemory.Silo.Telemetry;

/// <summary>The one place that says who may see what tells of the whole silo.</summary>
internal static class OperatorRoutes
{
    /// <summary>Lets operators in, and no one else.</summary>
    /// <typeparam name="TBuilder">One route or a group of them.</typeparam>
    /// <returns>The same routes.</returns>
    public static TBuilder ForOperators<TBuilder>(this TBuilder routes)
        where TBuilder : IEndpointConventionBuilder => routes.RequireAuthorization(AccessPolicies.Operator).ExcludeFromDescription();
}
