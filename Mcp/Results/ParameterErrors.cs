using System.Text.Json;
using ModelContextProtocol;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;

namespace OrleansMemory.Mcp.Results;

/// <summary>
/// Tells clients that parameters of a request are of a wrong type, where the protocol's own reading says that an error occurred.
/// </summary>
internal static class ParameterErrors
{
    /// <summary>Puts it around what serves a message.</summary>
    /// <returns>The same with the error.</returns>
    public static McpMessageHandler Around(McpMessageHandler next) =>
        async (message, cancellationToken) =>
        {
            try
            {
                await next(message, cancellationToken);
            }
            catch (JsonException failure)
            {
                throw new McpProtocolException(
                    "The params are not as this method has them: a field is missing or of another type.",
                    failure,
                    McpErrorCode.InvalidParams
                );
            }
            catch (Exception failure) when (failure is InvalidOperationException or ArgumentException && !CanBeRead(message.JsonRpcMessage))
            {
                throw new McpProtocolException(
                    "The params hold half of a pair of surrogates, or a name that stands twice in one object.",
                    failure,
                    McpErrorCode.InvalidParams
                );
            }
        };

    // JSON is taken apart late here: what is wrong with it shows where it is used.
    private static bool CanBeRead(JsonRpcMessage message)
    {
        try
        {
            _ = (message as JsonRpcRequest)?.Params?.DeepClone();
            _ = (message as JsonRpcRequest)?.Params?.ToJsonString();
            return true;
        }
        catch (Exception failure) when (failure is InvalidOperationException or ArgumentException)
        {
            return false;
        }
    }
}
