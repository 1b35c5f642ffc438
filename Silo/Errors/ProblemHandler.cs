using Microsoft.AspNetCore.Diagnostics;

namespace OrleansMemory.Silo.Errors;

/// <summary>Turns every exception into a problem. Only what we do not know is logged, with its stack; it is never sent.</summary>
internal sealed partial class ProblemHandler(ILogger<ProblemHandler> logger) : IExceptionHandler
{
    /// <inheritdoc />
    public async ValueTask<bool> TryHandleAsync(HttpContext httpContext, Exception exception, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(httpContext);
        if (ProblemMap.Find(exception) is not { } problem)
        {
            LogUnknown(logger, httpContext.Features.Get<IExceptionHandlerFeature>()?.Endpoint?.DisplayName ?? "no endpoint", exception);
            problem = Problem.Internal();
        }

        await Problems.WriteAsync(httpContext, problem);
        return true;
    }

    [LoggerMessage(2110, LogLevel.Error, "A request of {Endpoint} failed")]
    private static partial void LogUnknown(ILogger logger, string endpoint, Exception exception);
}
