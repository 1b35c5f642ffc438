using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;
using OrleansMemory.Mcp.Access;

namespace OrleansMemory.Mcp.Tools;

/// <summary>Lists tools by their names, and those that change something to callers alone who may.</summary>
internal static class ToolList
{
    /// <summary>Puts it around what lists them.</summary>
    /// <returns>The same with the order.</returns>
    public static McpRequestHandler<ListToolsRequestParams, ListToolsResult> Around(
        McpRequestHandler<ListToolsRequestParams, ListToolsResult> next
    ) =>
        async (request, cancellationToken) =>
        {
            ListToolsResult result = await next(request, cancellationToken);
            HashSet<string> hidden = MemoryCall.CallerOf(request).MayWrite ? [] : [.. Writers(request.Server)];
            result.Tools =
            [
                .. result.Tools.Where(tool => !hidden.Contains(tool.Name)).OrderBy(static tool => tool.Name, StringComparer.Ordinal),
            ];
            return result;
        };

    private static IEnumerable<string> Writers(McpServer server) =>
        (server.ServerOptions.ToolCollection ?? [])
            .OfType<MemoryTool>()
            .Where(static tool => tool.Writes)
            .Select(static tool => tool.ProtocolTool.Name);
}
