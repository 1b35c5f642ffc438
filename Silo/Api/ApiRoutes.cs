using OrleansMemory.AspNetCore;
using OrleansMemory.Silo.Access;
using OrleansMemory.Silo.Api.Documents;
using OrleansMemory.Silo.Api.OpenApi;
using OrleansMemory.Silo.OpenAi;
using OrleansMemory.Silo.Telemetry;
using OrleansMemory.Silo.WebConsole;

namespace OrleansMemory.Silo.Api;

/// <summary>All routes.</summary>
internal static class ApiRoutes
{
    /// <summary>Maps the routes.</summary>
    public static void MapApi(this WebApplication app)
    {
        app.MapList();
        RouteGroupBuilder conversations = app.MapGroup("/v1/conversations/{id}");
        conversations.AddEndpointFilter(RequestQuery.CheckAsync);
        conversations.RequireRoleByMethod();
        conversations.Fails(400, 401, 403, 429, 503);
        conversations.MapConversation();
        conversations.MapTurns();
        conversations.MapMessages();
        conversations.MapWindow();
        conversations.MapEvents();
        conversations.MapEntries();
        conversations.MapWorkingMemory();
        conversations.MapGlobals();
        conversations.MapMemoryObject();
        conversations.MapFork();
        conversations.MapTransfer();
        conversations.MapSearch();
        app.MapUserSearch();
        app.MapMemories();
        app.MapUsers();
        app.MapTenant();
        app.MapTenants();
        app.MapUsage();
        app.MapSilos();
        app.MapCaller();
        app.MapAudit();
        app.MapOpenAi();
        app.MapMcp();
        app.MapHealth();
        app.MapMetrics();
        app.MapGrainDashboard();
        app.MapGet(ApiDocument.Path, static (ApiDocument document, HttpContext context) => document.WriteAsync(context))
            .RequireAuthorization(AccessPolicies.Description)
            .ExcludeFromDescription();
        app.MapConsole();
        app.MapDocs().RequireAuthorization(AccessPolicies.Description);
    }

    /// <summary>Names the errors that routes may answer with.</summary>
    /// <typeparam name="TBuilder">One route or a group of them.</typeparam>
    /// <returns>The same routes.</returns>
    public static TBuilder Fails<TBuilder>(this TBuilder builder, params ReadOnlySpan<int> statuses)
        where TBuilder : IEndpointConventionBuilder
    {
        foreach (int status in statuses)
        {
            builder.WithMetadata(new ProducesResponseTypeMetadata(status, typeof(ProblemDocument), [ProblemWriter.ContentType]));
        }

        return builder;
    }
}
