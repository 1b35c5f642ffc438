using System.Diagnostics;

namespace OrleansMemory.Silo.Telemetry;

/// <summary>
/// Which requests are traced, and what of them. Paths hold ids and keys, queries hold what is searched for: the route is told, and neither
/// of them.
/// </summary>
internal static class RequestTraces
{
    private static readonly string[] LeftOut = ["url.path", "url.query", "url.full", "http.request.method_original"];

    /// <summary>Whether a request is traced: probes and scrapes are not.</summary>
    public static bool IsTraced(HttpContext context) =>
        !context.Request.Path.StartsWithSegments("/health", StringComparison.Ordinal)
        && !context.Request.Path.StartsWithSegments(MetricsRoute.Path, StringComparison.Ordinal)
        && !context.Request.Path.StartsWithSegments(DashboardRoute.Path, StringComparison.Ordinal);

    /// <summary>Takes out what may name a conversation, a user or a key.</summary>
    /// <param name="activity">The request's activity, at its end.</param>
    /// <param name="response">The answer.</param>
    public static void Redact(Activity activity, HttpResponse response)
    {
        foreach (string tag in LeftOut)
        {
            activity.SetTag(tag, null);
        }
    }
}
