using System.Text.Json;
using ModelContextProtocol;
using ModelContextProtocol.Server;

namespace OrleansMemory.Mcp.Results;

/// <summary>Tells clients that parameters of a request are of a wrong type, where the protocol's own reading says that an error occurred.</summary>
internal static class ParameterErrors
{
    /// <summary>Puts it around what serves a message.</summary>
    /// <param name="next">What serves it.</param>
    /// <returns>The same with the error.</returns>
    public static McpMessageHandler Around(McpMessageHandler next) => async (message, cancellationToken) =>
    {
        try
        {
            await next(message, cancellationToken);
        }
        catch (JsonException failure)
        {
            throw new McpProtocolException("The params are not as this method has them: a field is missing or of another type.", failure, McpErrorCode.InvalidParams);
        }
    };
}
