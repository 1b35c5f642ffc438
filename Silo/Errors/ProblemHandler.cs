using Microsoft.AspNetCore.Diagnostics;
using OrleansMemory.AspNetCore;
using OrleansMemory.Diagnostics;
using OrleansMemory.Errors;

namespace OrleansMemory.Silo.Errors;

/// <summary>
/// Turns every exception into a problem. Only what we do not know is logged, with its types and its stack; nothing of it is sent.
/// </summary>
internal sealed partial class ProblemHandler(ILogger<ProblemHandler> logger) : IExceptionHandler
{
    /// <inheritdoc />
    public async ValueTask<bool> TryHandleAsync(HttpContext httpContext, Exception exception, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(httpContext);
        if (ProblemMap.Find(exception) is not { } problem)
        {
            string traceId = ProblemWriter.TraceIdOf(httpContext);
            string? faultId = (exception as StoreFaultException)?.FaultId;
            LogUnknown(
                logger,
                httpContext.Features.Get<IExceptionHandlerFeature>()?.Endpoint?.DisplayName ?? "no endpoint",
                traceId,
                faultId ?? "none",
                new RedactedException(exception)
            );
            problem = SiloProblem.Internal(faultId);
        }

        await ProblemWriter.WriteAsync(httpContext, problem);
        return true;
    }

    [LoggerMessage(2110, LogLevel.Error, "A request of {Endpoint} failed, trace {TraceId}, fault {FaultId}")]
    private static partial void LogUnknown(ILogger logger, string endpoint, string traceId, string faultId, Exception exception);
}
