using OrleansMemory.AspNetCore;

namespace OrleansMemory.Silo.Errors;

/// <summary>Gives a bare status, as routing answers with it, the shape of a problem.</summary>
internal static class BareStatus
{
    /// <summary>Answers a request whose status has no body yet.</summary>
    /// <returns>A task that ends when it is written.</returns>
    public static Task WriteAsync(HttpContext context) =>
        context.Response.StatusCode switch
        {
            StatusCodes.Status404NotFound => ProblemWriter.WriteAsync(context, SiloProblem.NoRoute()),
            StatusCodes.Status405MethodNotAllowed => ProblemWriter.WriteAsync(context, SiloProblem.NoMethod()),
            StatusCodes.Status415UnsupportedMediaType => ProblemWriter.WriteAsync(context, SiloProblem.NotJson()),
            _ => Task.CompletedTask,
        };
}
