using Microsoft.AspNetCore.Http.Features;

namespace OrleansMemory.Silo.Hosting;

/// <summary>
/// Answers HEAD wherever GET is answered: as GET is, with the same headers and without a body. What a route would stream is not made for
/// it: <see cref="IsHead"/> tells it.
/// </summary>
internal static class HeadRequests
{
    /// <summary>Routes a HEAD as a GET, and passes the request on.</summary>
    /// <param name="next">Answers it.</param>
    public static Task InvokeAsync(HttpContext context, RequestDelegate next) =>
        HttpMethods.IsHead(context.Request.Method) ? AnswerAsync(context, next) : next(context);

    /// <summary>Whether a request that reads as a GET wants the headers alone.</summary>
    public static bool IsHead(HttpContext context) => context.Features.Get<HeadRequest>() is not null;

    /// <summary>The method as it was sent.</summary>
    /// <param name="context">The request.</param>
    public static string MethodOf(HttpContext context) => IsHead(context) ? HttpMethods.Head : context.Request.Method;

    private static async Task AnswerAsync(HttpContext context, RequestDelegate next)
    {
        IHttpResponseBodyFeature body = context.Features.GetRequiredFeature<IHttpResponseBodyFeature>();
        var counted = new CountedStream();
        var counting = new StreamResponseBodyFeature(counted, body);
        context.Features.Set(HeadRequest.Instance);
        context.Features.Set<IHttpResponseBodyFeature>(counting);
        context.Request.Method = HttpMethods.Get;
        try
        {
            await next(context);
            await counting.CompleteAsync();
            if (!context.Response.HasStarted && counted.Length > 0)
            {
                context.Response.ContentLength ??= counted.Length;
            }
        }
        finally
        {
            context.Request.Method = HttpMethods.Head;
            context.Features.Set(body);
        }
    }

    private sealed class HeadRequest
    {
        public static readonly HeadRequest Instance = new();
    }
}
