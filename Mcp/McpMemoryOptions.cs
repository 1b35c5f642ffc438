using System.ComponentModel.DataAnnotations;

namespace OrleansMemory.Mcp;

/// <summary>Bounds of what MCP clients send and are given.</summary>
public sealed class McpMemoryOptions
{
    /// <summary>The most characters (UTF-16 units) of stored texts in one result; what is longer goes on at the result's cursor.</summary>
    /// <value>Default: 24,000, some 6,000 tokens of English. Range: 1,000 to 10,000,000.</value>
    [Range(1_000, 10_000_000, ErrorMessage = "McpMemoryOptions.MaxResultLength must be 1000 to 10000000.")]
    public int MaxResultLength { get; set; } = 24_000;

    /// <summary>
    /// The largest request over HTTP, in bytes; a larger one is refused with 413. Streams have no such bound: their client is the one who
    /// started the process.
    /// </summary>
    /// <value>Default: 4 MiB. Range: 1 KiB to 1 GiB.</value>
    [Range(1024, 1024 * 1024 * 1024, ErrorMessage = "McpMemoryOptions.MaxRequestBytes must be 1024 to 1073741824.")]
    public int MaxRequestBytes { get; set; } = 4 * 1024 * 1024;
}
