using OrleansMemory.Grains.Hosting;
using OrleansMemory.Silo.Access;
using OrleansMemory.Silo.Api.Documents;

namespace OrleansMemory.Silo.Api;

/// <summary>The silos of the cluster, for operators.</summary>
internal static class SilosRoutes
{
    /// <summary>Maps the route.</summary>
    public static void MapSilos(this WebApplication app) =>
        app.MapGet("/v1/silos", GetAsync)
            .AddEndpointFilter(RequestQuery.CheckAsync)
            .RequireAuthorization(AccessPolicies.Operator)
            .WithName("listSilos")
            .WithTags("Usage")
            .WithSummary("Lists the silos of the cluster, and how busy each is now")
            .Produces<SiloListDocument>()
            .Fails(400, 401, 403, 429, 503);

    private static async Task<IResult> GetAsync(ISiloDirectory silos, HttpContext context) =>
        TypedResults.Ok(new SiloListDocument([.. (await silos.ListAsync(context.RequestAborted)).Select(SiloDocument.Of)]));
}
