using Microsoft.AspNetCore.Http.Features;
using OrleansMemory.Auditing;
using OrleansMemory.Errors;
using OrleansMemory.Grains.Hosting;
using OrleansMemory.Silo.Access;
using OrleansMemory.Silo.Api.Documents;
using OrleansMemory.Silo.Errors;

namespace OrleansMemory.Silo.Api;

/// <summary>The audit trail: of the caller's tenant, or for operators of any.</summary>
internal static class AuditRoutes
{
    private const int MostRows = 1_000;
    private const int DefaultRows = 100;

    /// <summary>Maps the route.</summary>
    public static void MapAudit(this WebApplication app) =>
        app.MapGet("/v1/audit", (Delegate)ListAsync)
            .AddEndpointFilter(RequestQuery.CheckAsync)
            .RequireAuthorization(AccessPolicies.TenantAdministrator)
            .WithName("listAudit")
            .WithTags("Audit")
            .WithSummary(
                "Who erased, exported, imported and deleted, and who set keys, limits and quotas, newest first: counts, no content. Kept for 400 days by default"
            )
            .WithMetadata(
                new QueryParameter("allTenants", "string", "true for the rows of all tenants; for operators."),
                new QueryParameter(
                    "userId",
                    "string",
                    "Only rows about this user. Rows hold a keyed hash of the id, from which the id cannot be read."
                ),
                new QueryParameter("conversationId", "string", "Only rows about this conversation; not together with userId."),
                new QueryParameter("limit", "integer", "How many rows at most, 1 to 1,000. Default: 100."),
                new QueryParameter("cursor", "integer", "The next of the page before.")
            )
            .Produces<AuditListDocument>()
            .Fails(400, 401, 403, 429, 503);

    private static async Task<IResult> ListAsync(HttpContext context)
    {
        HttpRequest request = context.Request;
        int limit = (int?)RequestQuery.Integer(request, "limit", 1, MostRows) ?? DefaultRows;
        var query = new AuditQuery
        {
            Tenant = ReadAllTenants(context) ? null : RequestTarget.Tenant(context),
            UserId = RequestQuery.Text(request, "userId"),
            ConversationId = RequestQuery.Text(request, "conversationId"),
            Before = RequestQuery.Integer(request, "cursor", 1, long.MaxValue),
            Limit = limit,
        };
        IReadOnlyList<AuditRecord> page = await context
            .RequestServices.GetRequiredService<IAuditLog>()
            .ListAsync(query, context.RequestAborted);
        return TypedResults.Ok(new AuditListDocument([.. page.Select(AuditDocument.Of)], page.Count == limit ? page[^1].Id : null));
    }

    private static bool ReadAllTenants(HttpContext context) =>
        RequestQuery.Text(context.Request, "allTenants") switch
        {
            null or "false" => false,
            "true" => context.Features.GetRequiredFeature<Caller>().Role == AccessRole.Operator
                ? true
                : throw new ProblemException(SiloProblem.TenantNotYours()),
            _ => throw new InvalidRequestException("allTenants", "allTenants is true or false."),
        };
}
