using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using OrleansMemory.Errors;

namespace OrleansMemory.AspNetCore;

/// <summary>Errors of the conversation memory as problem details, in a web app of one's own.</summary>
public static class ProblemDetailsExtensions
{
    /// <summary>
    /// Answers requests that end with an exception of the conversation memory (<see cref="MemoryException"/> and what derives from it) with
    /// the problem details that our own HTTP surface sends for it: 400 invalid, 404 unknown, 409 conflict, 410 dropped, 413 too large, 429
    /// overload, 503 not reachable, the last two with <c>Retry-After</c>. No other call is needed; it may be called more than once.
    /// </summary>
    /// <param name="services">The app's services.</param>
    /// <returns>The same services.</returns>
    /// <remarks>
    /// It stands outside of the app's own middleware, is one of its exception handlers where <c>UseExceptionHandler</c> is used, and comes
    /// before the developer's exception page. Other exceptions, and those of answers that have begun, pass unchanged. Details name parts of
    /// the request and limits, never content, keys or users.
    /// </remarks>
    public static IServiceCollection AddOrleansMemoryProblemDetails(this IServiceCollection services)
    {
        ArgumentNullException.ThrowIfNull(services);
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IExceptionHandler, MemoryExceptionHandler>());
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IDeveloperPageExceptionFilter, DeveloperPageFilter>());
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IStartupFilter, ProblemStartupFilter>());
        return services;
    }
}
