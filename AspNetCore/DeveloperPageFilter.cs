using Microsoft.AspNetCore.Diagnostics;

namespace OrleansMemory.AspNetCore;

/// <summary>
/// The developer's exception page, which web apps have in development by themselves, would answer before anybody else: it lets ours pass.
/// </summary>
internal sealed class DeveloperPageFilter : IDeveloperPageExceptionFilter
{
    /// <inheritdoc />
    public Task HandleExceptionAsync(ErrorContext errorContext, Func<ErrorContext, Task> next)
    {
        ArgumentNullException.ThrowIfNull(errorContext);
        ArgumentNullException.ThrowIfNull(next);
        return MemoryProblems.Find(errorContext.Exception) is { } problem
            ? ProblemWriter.WriteAsync(errorContext.HttpContext, problem)
            : next(errorContext);
    }
}
