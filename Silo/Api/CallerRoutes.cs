using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Http.HttpResults;
using OrleansMemory.Silo.Access;
using OrleansMemory.Silo.Api.Documents;

namespace OrleansMemory.Silo.Api;

/// <summary>Who the caller is: what a key opens.</summary>
internal static class CallerRoutes
{
    /// <summary>Maps the route.</summary>
    public static void MapCaller(this WebApplication app) =>
        app.MapGet("/v1/caller", Get)
            .AddEndpointFilter(RequestQuery.CheckAsync)
            .RequireAuthorization(AccessPolicies.Reader)
            .WithName("getCaller")
            .WithTags("Tenants")
            .WithSummary("Tells whose key this is: its role, its tenant and the user it is bound to")
            .Produces<CallerDocument>()
            .Fails(400, 401, 403, 429, 503);

    private static Ok<CallerDocument> Get(HttpContext context)
    {
        Caller caller = context.Features.GetRequiredFeature<Caller>();
        return TypedResults.Ok(new CallerDocument(caller.Role.ToString(), caller.Tenant, caller.User, caller.KeyName));
    }
}
