using System.Diagnostics;
using Microsoft.AspNetCore.Diagnostics;
using OrleansMemory.AspNetCore;
using OrleansMemory.Errors;

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
            string traceId = Activity.Current?.TraceId.ToHexString() ?? httpContext.TraceIdentifier;
            LogUnknown(logger, httpContext.Features.Get<IExceptionHandlerFeature>()?.Endpoint?.DisplayName ?? "no endpoint", traceId, exception);
            problem = SiloProblem.Internal(traceId, (exception as StoreFaultException)?.FaultId);
        }

        await ProblemWriter.WriteAsync(httpContext, problem);
        return true;
    }

    [LoggerMessage(2110, LogLevel.Error, "A request of {Endpoint} failed, trace {TraceId}")]
    private static partial void LogUnknown(ILogger logger, string endpoint, string traceId, Exception exception);
}
