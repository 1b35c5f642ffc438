using System.Globalization;
using ModelContextProtocol.Protocol;
using OrleansMemory.Client.Json;
using OrleansMemory.Errors;
using OrleansMemory.Mcp.Access;
using OrleansMemory.Mcp.Results;
using OrleansMemory.Memories;

namespace OrleansMemory.Mcp.Tools;

/// <summary><c>save_to_memory</c>: records facts, all of them or none.</summary>
internal sealed class SaveTool() : MemoryTool("save_to_memory", ToolResults.SchemaOf<SavedAnswer>())
{
    private const int MostFacts = 100;

    /// <inheritdoc />
    protected override async Task<CallToolResult> RunAsync(MemoryCall call, StrictObject arguments, CancellationToken cancellationToken)
    {
        string[] facts =
            Arguments.Texts(arguments, "content", MostFacts)
            ?? throw new InvalidRequestException("content", "This argument is required: a list of texts, one fact for each.");
        var request = new RecordRequest
        {
            Memories = [.. facts.Select(static fact => new NewMemory { Kind = MemoryKind.Fact, Text = fact })],
            Key = arguments.Text("idempotencyKey"),
            ConversationId = arguments.Text("conversationId"),
            TimeToLive = arguments.Seconds("ttlSeconds"),
        };
        RecordReceipt receipt = await call.Scope(arguments, ScopeFields.OfRecording).RecordAsync(request, cancellationToken);
        string before = receipt.Replayed ? " They had been saved under this idempotencyKey before, and are not there twice." : "";
        return ToolResults.Of(
            string.Create(
                CultureInfo.InvariantCulture,
                $"Saved {receipt.MemoryIds.Length} memories: {string.Join(", ", receipt.MemoryIds)}.{before}"
            ),
            new SavedAnswer
            {
                MemoryIds = receipt.MemoryIds,
                RecordedAt = receipt.RecordedAt,
                Replayed = receipt.Replayed,
            }
        );
    }

    /// <inheritdoc />
    protected override string ArgumentOf(string parameter) =>
        parameter switch
        {
            "key" => "idempotencyKey",
            "id" => "conversationId",
            "scope" => "user",
            _ when parameter.StartsWith("memories", StringComparison.Ordinal) => "content"
                + parameter["memories".Length..].Replace(".text", "", StringComparison.Ordinal),
            _ => parameter,
        };
}
