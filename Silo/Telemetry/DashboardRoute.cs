using Orleans.Dashboard;
using OrleansMemory.AspNetCore;
using OrleansMemory.Silo.Errors;

namespace OrleansMemory.Silo.Telemetry;

/// <summary>
/// The dashboard of Orleans, for operators: silos, grain types and their methods. It shows no grain's key or state, and no log.
/// </summary>
internal static class DashboardRoute
{
    /// <summary>The path.</summary>
    public const string Path = "/dashboard";

    // One calls methods of a grain that the query names and shows what they return; the other is a live log of everything.
    private static readonly string[] Closed = [$"{Path}/GrainState", $"{Path}/Trace"];

    // Its page is made of its own files; it sets styles from its script.
    private const string ContentSecurity =
        "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; font-src 'self' data:; img-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

    /// <summary>Whether there is a dashboard.</summary>
    public static bool IsOn(IConfiguration configuration) =>
        configuration.GetValue($"{DashboardSettings.Section}:{nameof(DashboardSettings.Enabled)}", defaultValue: true);

    /// <summary>Adds what it shows to the silo.</summary>
    /// <param name="silo">The grains' host.</param>
    public static void AddGrainDashboard(this ISiloBuilder silo, IConfiguration configuration)
    {
        if (IsOn(configuration))
        {
            // Its live log would show what the console does not.
            silo.AddDashboard(static options => options.HideTrace = true);
        }
    }

    /// <summary>Maps its page, its files and what they ask for.</summary>
    public static void MapGrainDashboard(this WebApplication app)
    {
        if (!IsOn(app.Configuration))
        {
            return;
        }

        RouteGroupBuilder dashboard = app.MapOrleansDashboard(Path);
        dashboard.ForOperators();
        dashboard.AddEndpointFilter(
            static async (context, next) =>
            {
                HttpContext http = context.HttpContext;
                IHeaderDictionary headers = http.Response.Headers;
                headers.ContentSecurityPolicy = ContentSecurity;
                headers.XContentTypeOptions = "nosniff";
                headers["Referrer-Policy"] = "no-referrer";
                string path = http.Request.Path.Value!.TrimEnd('/');
                if (Array.Exists(Closed, closed => path.Equals(closed, StringComparison.OrdinalIgnoreCase)))
                {
                    await ProblemWriter.WriteAsync(http, SiloProblem.NoRoute());
                    return Results.Empty;
                }

                return await next(context);
            }
        );
    }
}
