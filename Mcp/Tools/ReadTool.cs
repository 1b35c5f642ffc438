using ModelContextProtocol.Protocol;
using OrleansMemory.Client.Json;
using OrleansMemory.Mcp.Access;
using OrleansMemory.Mcp.Conversations;
using OrleansMemory.Mcp.Results;

namespace OrleansMemory.Mcp.Tools;

/// <summary><c>read_conversation</c>: reads messages, as many as one result may hold.</summary>
internal sealed class ReadTool() : MemoryTool("read_conversation", ToolResults.SchemaOf<ConversationAnswer>())
{
    /// <inheritdoc />
    protected override async Task<CallToolResult> RunAsync(MemoryCall call, StrictObject arguments, CancellationToken cancellationToken)
    {
        ConversationAnswer read = await ConversationReader.ReadAsync(call, ReadRequest.Of(arguments), cancellationToken);
        return ToolResults.Of(
            read.Messages.Count == 0
                ? "There are no such messages."
                : Transcript.Of(read.ConversationId, read.Messages) + More.Of(read.Next),
            read
        );
    }
}
