using OrleansMemory.AspNetCore;

namespace OrleansMemory.Silo.OpenAi;

/// <summary>
/// What every answer below <see cref="Path"/> has in common: the shape of its errors, and the header that names the request.
/// </summary>
internal static class OpenAiSurface
{
    /// <summary>Where it is.</summary>
    public const string Path = "/openai";

    private const string RequestId = "x-request-id";

    /// <summary>Sets both and passes the request on.</summary>
    /// <param name="next">Answers it.</param>
    public static Task InvokeAsync(HttpContext context, RequestDelegate next)
    {
        if (context.Request.Path.StartsWithSegments(Path, StringComparison.OrdinalIgnoreCase))
        {
            context.Features.Set(OpenAiErrors.Shape);

            // When it begins: an error takes away what was set before.
            context.Response.OnStarting(
                static state =>
                {
                    var request = (HttpContext)state;
                    request.Response.Headers[RequestId] = ProblemWriter.TraceIdOf(request);
                    return Task.CompletedTask;
                },
                context
            );
        }

        return next(context);
    }
}
