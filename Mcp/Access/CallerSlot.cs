namespace OrleansMemory.Mcp.Access;

/// <summary>Holds for whom a request is: a service of the request's scope. Where it is not set nothing is served.</summary>
internal sealed class CallerSlot
{
    /// <summary>For whom the request is; <see langword="null"/> while it is not set.</summary>
    public McpCaller? Caller { get; set; }
}
