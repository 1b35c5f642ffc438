using System.Text.Json;
using ModelContextProtocol.Protocol;
using OrleansMemory.Client.Json;
using OrleansMemory.Client.Memories;
using OrleansMemory.Errors;
using OrleansMemory.Mcp.Access;
using OrleansMemory.Mcp.Memories;
using OrleansMemory.Mcp.Results;
using OrleansMemory.Memories;

namespace OrleansMemory.Mcp.Tools;

/// <summary><c>recall_from_memory</c>: finds the memories that answer a question best.</summary>
internal sealed class RecallTool() : MemoryTool("recall_from_memory", ToolResults.SchemaOf<RecalledAnswer>())
{
    private const int MaxLimit = 50;
    private const int DefaultLimit = 10;

    /// <inheritdoc />
    protected override async Task<CallToolResult> RunAsync(MemoryCall call, StrictObject arguments, CancellationToken cancellationToken)
    {
        ScopedMemories scope = call.Scope(arguments, ScopeFields.OfRecall);
        var question = new RecallRequest
        {
            Query = arguments.RequiredText("query"),
            Limit = Arguments.Limit(arguments, MaxLimit) ?? DefaultLimit,
            Kind = Arguments.Kind(arguments),
            MinScore = MinScore(arguments),
            ExceptConversation = arguments.Text("exceptConversation"),
            Without = ScopeFields.ToFlags(ScopeFields.Without(arguments)),
        };
        RecalledAnswer found = await MemoryReader.RecallAsync(call, scope, question, arguments.Text("cursor"), cancellationToken);
        return ToolResults.Of(
            found.Memories.Count == 0 ? "There is no such memory." : MemoryReader.Describe(found.Memories) + More.Of(found.Next),
            found
        );
    }

    /// <inheritdoc />
    protected override string ArgumentOf(string parameter) => parameter == "scope" ? "user" : parameter;

    private static double? MinScore(StrictObject arguments) =>
        !arguments.TryGet("minScore", out JsonElement value) ? null
        : value.ValueKind == JsonValueKind.Number && value.TryGetDouble(out double share) && share is >= 0 and <= 1 ? share
        : throw new InvalidRequestException("minScore", "A number from 0 to 1 is expected here.");
}
