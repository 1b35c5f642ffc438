using OrleansMemory.Grains.Hosting;
using OrleansMemory.Silo.Access;
using OrleansMemory.Silo.Api.Bodies;
using OrleansMemory.Silo.Api.Documents;
using OrleansMemory.Silo.Api.Requests;

namespace OrleansMemory.Silo.Api;

/// <summary>The settings of the caller's own tenant.</summary>
internal static class TenantRoutes
{
    /// <summary>Maps the routes.</summary>
    public static void MapTenant(this WebApplication app)
    {
        RouteGroupBuilder tenant = app.MapGroup("/v1/tenant");
        tenant.AddEndpointFilter(RequestQuery.CheckAsync);
        tenant.AddEndpointFilter(AuditFilter.StateActorAsync);
        tenant.RequireAuthorization(AccessPolicies.TenantAdministrator);
        tenant.Fails(400, 401, 403, 429, 503);

        // As delegates: methods of this shape would be taken for ones whose answer is not looked at.
        tenant
            .MapGet("", (Delegate)GetAsync)
            .WithName("getTenant")
            .WithTags("Tenants")
            .WithSummary("Reads what the caller's tenant has set for itself")
            .Produces<TenantDocument>();
        tenant
            .MapPut("", (Delegate)PutAsync)
            .WithName("putTenant")
            .WithTags("Tenants")
            .WithSummary("Sets all of it. Every silo goes by it within 30 seconds by default")
            .Accepts<TenantDocument>(JsonBody.ContentType)
            .Produces<TenantDocument>()
            .Fails(413, 415);
    }

    private static async Task<IResult> GetAsync(HttpContext context) =>
        TypedResults.Ok(TenantDocument.Of(await Directory(context).ReadAsync(RequestTarget.Tenant(context), context.RequestAborted)));

    private static async Task<IResult> PutAsync(HttpContext context)
    {
        using RequestJson body = await JsonBody.ReadAsync(context);
        return TypedResults.Ok(
            TenantDocument.Of(
                await Directory(context).SetAsync(RequestTarget.Tenant(context), TenantBody.Read(body.RootElement), context.RequestAborted)
            )
        );
    }

    private static ITenantDirectory Directory(HttpContext context) => context.RequestServices.GetRequiredService<ITenantDirectory>();
}
