using System.Runtime.InteropServices;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Options;
using OrleansMemory.Mcp;
using OrleansMemory.Silo.Access;
using OrleansMemory.Silo.Api.Bodies;
using OrleansMemory.Silo.Hosting;

namespace OrleansMemory.Silo.Api;

/// <summary>The Model Context Protocol: tools, resources and prompts for MCP clients.</summary>
internal static class McpRoutes
{
    private const string Path = "/mcp";

    /// <summary>Adds the MCP server.</summary>
    /// <param name="services">The app's services.</param>
    public static void AddMcp(this IServiceCollection services)
    {
        services.AddOrleansMemoryMcp(CallerOf);
        services
            .AddOptions<McpMemoryOptions>()
            .Configure<IOptions<HttpOptions>>(static (mcp, http) => mcp.MaxRequestBytes = http.Value.MaxRequestBytes);
    }

    /// <summary>Maps the route. Whoever may read is let in; tools that write refuse others than writers themselves.</summary>
    public static void MapMcp(this WebApplication app)
    {
        IEndpointConventionBuilder route = app.MapOrleansMemoryMcp(Path)
            .RequireAuthorization(AccessPolicies.Reader)
            .ExcludeFromDescription();
        route.Add(static endpoint =>
        {
            RequestDelegate serve = endpoint.RequestDelegate!;
            endpoint.RequestDelegate = context => ServeAsync(context, serve);
        });
    }

    private static McpCaller CallerOf(HttpContext context)
    {
        Caller caller = context.Features.GetRequiredFeature<Caller>();
        return new McpCaller
        {
            Tenant = RequestTarget.Tenant(context),
            UserId = caller.User,
            MayWrite = caller.Role >= AccessRole.Writer,
            Actor = AuditFilter.ActorOf(caller),
        };
    }

    // Bodies are counted, bounded and looked through as those of every other route are, before anything is made of them.
    private static async Task ServeAsync(HttpContext context, RequestDelegate serve)
    {
        using RequestJson body = await JsonBody.ReadAsync(context);
        Stream arriving = context.Request.Body;
        context.Request.Body = new MemoryStream(JsonMarshal.GetRawUtf8Value(body.RootElement).ToArray(), writable: false);
        try
        {
            await serve(context);
        }
        finally
        {
            context.Request.Body = arriving;
        }
    }
}
