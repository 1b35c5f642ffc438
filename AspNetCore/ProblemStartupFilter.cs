using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;

namespace OrleansMemory.AspNetCore;

/// <summary>Puts the mapping of exceptions outside of everything that the app itself puts into its pipeline.</summary>
internal sealed class ProblemStartupFilter : IStartupFilter
{
    /// <inheritdoc />
    public Action<IApplicationBuilder> Configure(Action<IApplicationBuilder> next) =>
        app =>
        {
            app.Use(AnswerAsync);
            next(app);
        };

    private static async Task AnswerAsync(HttpContext context, RequestDelegate next)
    {
        try
        {
            await next(context);
        }
        catch (Exception failure) when (!context.Response.HasStarted)
        {
            if (MemoryProblems.Find(failure) is not { } problem)
            {
                throw;
            }

            context.Response.Clear();
            await ProblemWriter.WriteAsync(context, problem);
        }
    }
}
