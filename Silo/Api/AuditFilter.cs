using Microsoft.AspNetCore.Http.Features;
using OrleansMemory.Auditing;
using OrleansMemory.Silo.Access;

namespace OrleansMemory.Silo.Api;

/// <summary>States who calls where the audit trail wants to know. Other routes do without: it would go with every grain call of a turn.</summary>
internal static class AuditFilter
{
    /// <summary>States who calls: the role, and the name of the key where it has one; never the key.</summary>
    /// <param name="invocation">The request.</param>
    /// <param name="next">The route.</param>
    /// <returns>What the route gives.</returns>
    public static async ValueTask<object?> StateActorAsync(EndpointFilterInvocationContext invocation, EndpointFilterDelegate next)
    {
        Caller caller = invocation.HttpContext.Features.GetRequiredFeature<Caller>();
        AuditActor.Set(caller.KeyName is { } name ? $"{caller.Role} {name}" : caller == Caller.Local ? "this machine" : caller.Role.ToString());
        return await next(invocation);
    }
}
