namespace OrleansMemory.Mcp.Access;

/// <summary>Holds for whom a request is: a service of the request's scope. Where nobody has set it nothing is served.</summary>
internal sealed class CallerSlot
{
    /// <summary>For whom the request is; <see langword="null"/> while nobody has said so.</summary>
    public McpCaller? Caller { get; set; }
}
