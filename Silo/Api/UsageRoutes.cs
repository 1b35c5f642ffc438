using OrleansMemory.Errors;
using OrleansMemory.Grains.Hosting;
using OrleansMemory.Silo.Access;
using OrleansMemory.Silo.Api.Documents;
using OrleansMemory.Tenants;
using OrleansMemory.Usage;

namespace OrleansMemory.Silo.Api;

/// <summary>What a tenant uses. An operator names the tenant by the header <c>OrleansMemory-Tenant</c>.</summary>
internal static class UsageRoutes
{
    private const int MostRows = 1_000;
    private const int DefaultRows = 20;
    private const int DefaultDays = 30;
    private const int MostDays = 10_000;
    private const int MostHotSeconds = 30 * 24 * 60 * 60;

    private static readonly QueryParameter Limit = new("limit", "integer", "How many at most, 1 to 1,000. Default: 20.");

    /// <summary>Maps the routes.</summary>
    public static void MapUsage(this WebApplication app)
    {
        RouteGroupBuilder usage = app.MapGroup("/v1/usage");
        usage.AddEndpointFilter(RequestQuery.CheckAsync);
        usage.RequireAuthorization(AccessPolicies.TenantAdministrator);
        usage.Fails(400, 401, 403, 429, 503);

        // As delegates: methods of this shape would be taken for ones whose answer is not looked at.
        usage
            .MapGet("", (Delegate)GetAsync)
            .WithName("getUsage")
            .WithTags("Usage")
            .WithSummary(
                "What the tenant uses, and what it may use at most. What this silo has committed is in it; what other silos have is 2 seconds old at most by default"
            )
            .Produces<TenantUsageDocument>();
        usage
            .MapGet("/days", (Delegate)GetDaysAsync)
            .WithName("listUsageOfDays")
            .WithTags("Usage")
            .WithSummary("Turns, messages and bytes that the tenant committed on each of the last days, by UTC")
            .WithMetadata(new QueryParameter("days", "integer", "How many days, today included, 1 to 10,000. Default: 30."))
            .Produces<DayUsageListDocument>();
        usage
            .MapGet("/conversations", (Delegate)GetConversationsAsync)
            .WithName("listUsageOfConversations")
            .WithTags("Usage")
            .WithSummary(
                "The largest or the hottest conversations of the tenant. The largest are found by reading the heads of all of them"
            )
            .WithMetadata(
                new QueryParameter(
                    "order",
                    "string",
                    "largest: by bytes. hottest: by turns per hour of life, of those that had a turn lately. Default: largest."
                ),
                new QueryParameter("withinSeconds", "integer", "For hottest: how lately, 60 to 2,592,000 seconds. Default: 3,600."),
                Limit
            )
            .Produces<ConversationUsageListDocument>();
        usage
            .MapGet("/users", (Delegate)GetUsersAsync)
            .WithName("listUsageOfUsers")
            .WithTags("Usage")
            .WithSummary("The users of the tenant who use the most bytes, found by reading the heads of all conversations and memories")
            .WithMetadata(Limit)
            .Produces<UserUsageListDocument>();
    }

    private static async Task<IResult> GetAsync(HttpContext context)
    {
        string tenant = RequestTarget.Tenant(context);
        TenantUsage usage = await Directory(context).GetAsync(tenant, context.RequestAborted);
        TenantSettings settings = await context
            .RequestServices.GetRequiredService<ITenantDirectory>()
            .ReadAsync(tenant, context.RequestAborted);
        return TypedResults.Ok(TenantUsageDocument.Of(usage, settings.Quotas));
    }

    private static async Task<IResult> GetDaysAsync(HttpContext context)
    {
        int days = (int?)RequestQuery.Integer(context.Request, "days", 1, MostDays) ?? DefaultDays;
        return TypedResults.Ok(
            new DayUsageListDocument(await Directory(context).ListDaysAsync(RequestTarget.Tenant(context), days, context.RequestAborted))
        );
    }

    private static async Task<IResult> GetConversationsAsync(HttpContext context)
    {
        string tenant = RequestTarget.Tenant(context);
        int limit = ReadLimit(context.Request);
        long? within = RequestQuery.Integer(context.Request, "withinSeconds", 60, MostHotSeconds);
        IReadOnlyList<ConversationUsage> conversations = RequestQuery.Text(context.Request, "order") switch
        {
            "hottest" => await Directory(context)
                .ListHottestAsync(tenant, TimeSpan.FromSeconds(within ?? 3_600), limit, context.RequestAborted),
            null or "largest" when within is null => await Directory(context).ListLargestAsync(tenant, limit, context.RequestAborted),
            null or "largest" => throw new InvalidRequestException("withinSeconds", "withinSeconds goes with order=hottest."),
            _ => throw new InvalidRequestException("order", "order is largest or hottest."),
        };
        return TypedResults.Ok(new ConversationUsageListDocument(conversations));
    }

    private static async Task<IResult> GetUsersAsync(HttpContext context) =>
        TypedResults.Ok(
            new UserUsageListDocument(
                await Directory(context).ListUsersAsync(RequestTarget.Tenant(context), ReadLimit(context.Request), context.RequestAborted)
            )
        );

    private static int ReadLimit(HttpRequest request) => (int?)RequestQuery.Integer(request, Limit.Name, 1, MostRows) ?? DefaultRows;

    private static IUsageDirectory Directory(HttpContext context) => context.RequestServices.GetRequiredService<IUsageDirectory>();
}
