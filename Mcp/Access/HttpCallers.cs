using Microsoft.AspNetCore.Http;

namespace OrleansMemory.Mcp.Access;

/// <summary>Says for whom an HTTP request is.</summary>
/// <param name="find">How the app tells.</param>
internal sealed class HttpCallers(Func<HttpContext, McpCaller> find)
{
    /// <summary>For whom a request is.</summary>
    /// <exception cref="InvalidOperationException">The app gives none.</exception>
    public McpCaller Find(HttpContext context) =>
        find(context)
        ?? throw new InvalidOperationException(
            "AddOrleansMemoryMcp was given a function that returned no caller. Refuse such requests by an authorization policy."
        );
}
