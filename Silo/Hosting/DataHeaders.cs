using Microsoft.Net.Http.Headers;

namespace OrleansMemory.Silo.Hosting;

/// <summary>Says of every answer that no one on the way keeps it, and that it is nothing but what it says it is.</summary>
internal static class DataHeaders
{
    private const string NoStore = "no-store";

    /// <summary>Sets the headers when the answer begins, and passes the request on.</summary>
    public static Task InvokeAsync(HttpContext context, RequestDelegate next)
    {
        // When it begins: an error takes away what was set before.
        context.Response.OnStarting(static response => SetAsync((HttpResponse)response), context.Response);
        return next(context);
    }

    private static Task SetAsync(HttpResponse response)
    {
        response.Headers.XContentTypeOptions = "nosniff";
        if (!response.Headers.CacheControl.ToString().Contains("public", StringComparison.Ordinal))
        {
            response.Headers.CacheControl = NoStore;
            response.Headers.Remove(HeaderNames.Pragma);
            response.Headers.Remove(HeaderNames.Expires);
        }

        return Task.CompletedTask;
    }
}
