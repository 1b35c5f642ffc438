using System.Text;
using Microsoft.Net.Http.Headers;

namespace OrleansMemory.Silo.Telemetry;

/// <summary>
/// Lets a browser open the dashboard where keys are configured: it cannot send a bearer token, but it asks for a name and a password. The
/// password is the key; the name is not looked at.
/// </summary>
internal static class DashboardSignIn
{
    private const string Basic = "Basic ";

    /// <summary>Takes the key out of what a browser sends, and asks it for one.</summary>
    /// <param name="context">The request.</param>
    /// <param name="next">Answers it.</param>
    public static Task InvokeAsync(HttpContext context, RequestDelegate next)
    {
        if (!context.Request.Path.StartsWithSegments(DashboardRoute.Path, StringComparison.Ordinal))
        {
            return next(context);
        }

        if (
            context.Request.Headers.Authorization is [{ } header]
            && header.StartsWith(Basic, StringComparison.OrdinalIgnoreCase)
            && ReadKey(header[Basic.Length..]) is { } key
        )
        {
            context.Request.Headers.Authorization = "Bearer " + key;
        }

        context.Response.OnStarting(
            static state =>
            {
                HttpResponse response = ((HttpContext)state).Response;
                if (response.StatusCode is StatusCodes.Status401Unauthorized)
                {
                    response.Headers[HeaderNames.WWWAuthenticate] =
                        "Basic realm=\"OrleansMemory: an operator's key as the password\", charset=\"UTF-8\"";
                }

                return Task.CompletedTask;
            },
            context
        );
        return next(context);
    }

    private static string? ReadKey(string given)
    {
        Span<byte> bytes = new byte[given.Length];
        if (!Convert.TryFromBase64String(given.Trim(), bytes, out int written))
        {
            return null;
        }

        string text = Encoding.UTF8.GetString(bytes[..written]);
        int colon = text.IndexOf(':', StringComparison.Ordinal);
        return colon < 0 ? null : text[(colon + 1)..];
    }
}
