using Microsoft.AspNetCore.Http.Features;
using OrleansMemory.Auditing;
using OrleansMemory.Silo.Access;

namespace OrleansMemory.Silo.Api;

/// <summary>
/// States who calls where the audit trail wants to know. Other routes do without: it would go with every grain call of a turn.
/// </summary>
internal static class AuditFilter
{
    /// <summary>States who calls: the role, and the name of the key where it has one; never the key.</summary>
    /// <param name="invocation">The request.</param>
    /// <param name="next">The route.</param>
    /// <returns>What the route gives.</returns>
    public static async ValueTask<object?> StateActorAsync(EndpointFilterInvocationContext invocation, EndpointFilterDelegate next)
    {
        AuditActor.Set(ActorOf(invocation.HttpContext.Features.GetRequiredFeature<Caller>()));
        return await next(invocation);
    }

    /// <summary>What the audit trail calls a caller.</summary>
    /// <returns>The role, and the name of the key where it has one.</returns>
    public static string ActorOf(Caller caller) =>
        caller.KeyName is { } name ? $"{caller.Role} {name}"
        : caller == Caller.Local ? "this machine"
        : caller.Role.ToString();
}
