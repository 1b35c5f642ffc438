using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.Http;

namespace OrleansMemory.AspNetCore;

/// <summary>
/// Answers with a problem where the app has exception handling of its own. What it does not know, the app's other handlers see.
/// </summary>
internal sealed class MemoryExceptionHandler : IExceptionHandler
{
    /// <inheritdoc />
    public async ValueTask<bool> TryHandleAsync(HttpContext httpContext, Exception exception, CancellationToken cancellationToken)
    {
        if (MemoryProblems.Find(exception) is not { } problem)
        {
            return false;
        }

        await ProblemWriter.WriteAsync(httpContext, problem);
        return true;
    }
}
