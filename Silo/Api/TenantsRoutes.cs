using OrleansMemory.Client.Json;
using OrleansMemory.Grains.Hosting;
using OrleansMemory.Silo.Access;
using OrleansMemory.Silo.Api.Bodies;
using OrleansMemory.Silo.Api.Documents;
using OrleansMemory.Tenants;
using OrleansMemory.Usage;

namespace OrleansMemory.Silo.Api;

/// <summary>All tenants, for operators: what they use, and their quotas.</summary>
internal static class TenantsRoutes
{
    private const int MostRows = 1_000;
    private const int DefaultRows = 100;

    /// <summary>Maps the routes.</summary>
    public static void MapTenants(this WebApplication app)
    {
        RouteGroupBuilder tenants = app.MapGroup("/v1/tenants");
        tenants.AddEndpointFilter(RequestQuery.CheckAsync);
        tenants.AddEndpointFilter(AuditFilter.StateActorAsync);
        tenants.RequireAuthorization(AccessPolicies.Operator);
        tenants.Fails(400, 401, 403, 429, 503);
        tenants
            .MapGet("", (Delegate)ListAsync)
            .WithName("listTenants")
            .WithTags("Tenants")
            .WithSummary("Lists the tenants that have or had anything, by name, with what they use")
            .WithMetadata(
                new QueryParameter("limit", "integer", "How many tenants at most, 1 to 1,000. Default: 100."),
                new QueryParameter("cursor", "string", "The next of the page before.")
            )
            .Produces<TenantListDocument>();
        tenants
            .MapGet("/{tenant}/quotas", GetQuotasAsync)
            .WithName("getQuotas")
            .WithTags("Tenants")
            .WithSummary("Reads what a tenant may use at most")
            .Produces<QuotasDocument>();
        tenants
            .MapPut("/{tenant}/quotas", PutQuotasAsync)
            .WithName("putQuotas")
            .WithTags("Tenants")
            .WithSummary(
                "Sets what a tenant may use at most: all of it, what is left out or null is no quota. Every silo goes by it within 30 seconds by default"
            )
            .Accepts<QuotasDocument>(JsonBody.ContentType)
            .Produces<QuotasDocument>()
            .Fails(413, 415);
    }

    private static async Task<IResult> ListAsync(HttpContext context)
    {
        int limit = (int?)RequestQuery.Integer(context.Request, "limit", 1, MostRows) ?? DefaultRows;
        string? after = RequestQuery.Text(context.Request, "cursor");
        IReadOnlyList<TenantUsage> page = await context
            .RequestServices.GetRequiredService<IUsageDirectory>()
            .ListTenantsAsync(after, limit, context.RequestAborted);
        return TypedResults.Ok(
            new TenantListDocument(
                [.. page.Select(static usage => TenantUsageDocument.Of(usage))],
                page.Count == limit ? page[^1].Tenant : null
            )
        );
    }

    private static async Task<IResult> GetQuotasAsync(string tenant, HttpContext context) =>
        TypedResults.Ok(
            QuotasDocument.Of(
                (await Directory(context).ReadAsync(RequestTarget.Segment(context, 1, tenant), context.RequestAborted)).Quotas
            )
        );

    private static async Task<IResult> PutQuotasAsync(string tenant, HttpContext context)
    {
        using RequestJson document = await JsonBody.ReadAsync(context);
        StrictObject body = StrictObject.Read(document.RootElement, string.Empty, "maxConversations", "maxBytes", "maxMemories");
        var quotas = new TenantQuotas
        {
            MaxConversations = body.Integer("maxConversations"),
            MaxBytes = body.Integer("maxBytes"),
            MaxMemories = body.Integer("maxMemories"),
        };
        TenantSettings settings = await Directory(context)
            .SetQuotasAsync(RequestTarget.Segment(context, 1, tenant), quotas, context.RequestAborted);
        return TypedResults.Ok(QuotasDocument.Of(settings.Quotas));
    }

    private static ITenantDirectory Directory(HttpContext context) => context.RequestServices.GetRequiredService<ITenantDirectory>();
}
