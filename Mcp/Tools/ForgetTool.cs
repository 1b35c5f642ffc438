using System.Globalization;
using ModelContextProtocol.Protocol;
using OrleansMemory.Client.Json;
using OrleansMemory.Conversations;
using OrleansMemory.Errors;
using OrleansMemory.Mcp.Access;
using OrleansMemory.Mcp.Results;

namespace OrleansMemory.Mcp.Tools;

/// <summary><c>forget</c>: deletes memories, or a conversation with what was recorded from it. What is gone already is no error.</summary>
internal sealed class ForgetTool() : MemoryTool("forget", ToolResults.SchemaOf<ForgottenAnswer>())
{
    private const int MostIds = 100;

    /// <inheritdoc />
    protected override Task<CallToolResult> RunAsync(MemoryCall call, StrictObject arguments, CancellationToken cancellationToken) =>
        (Arguments.Texts(arguments, "memoryIds", MostIds), arguments.Text("conversationId")) switch
        {
            ({ } ids, null) => ForgetMemoriesAsync(call, [.. ids.Distinct(StringComparer.Ordinal)], cancellationToken),
            (null, { } conversation) => ForgetConversationAsync(call, conversation, cancellationToken),
            _ => throw new InvalidRequestException("memoryIds", "Name either memoryIds, a list of ids, or conversationId."),
        };

    private static async Task<CallToolResult> ForgetMemoriesAsync(MemoryCall call, string[] ids, CancellationToken cancellationToken)
    {
        List<string> forgotten = [];
        List<string> notFound = [];
        foreach (string id in ids)
        {
            (await call.Memories.DeleteAsync(id, cancellationToken) ? forgotten : notFound).Add(id);
        }

        string rest =
            notFound.Count == 0
                ? ""
                : string.Create(CultureInfo.InvariantCulture, $" There were no memories under {notFound.Count} of the ids.");
        return ToolResults.Of(
            string.Create(CultureInfo.InvariantCulture, $"Forgot {forgotten.Count} memories.{rest}"),
            new ForgottenAnswer { Forgotten = forgotten, NotFound = [.. notFound.Select(static id => Fence.Clean(id)!)] }
        );
    }

    private static async Task<CallToolResult> ForgetConversationAsync(MemoryCall call, string id, CancellationToken cancellationToken)
    {
        DeleteReceipt receipt = await DeleteAsync(call, id, cancellationToken);
        return ToolResults.Of(
            receipt.Existed
                ? string.Create(CultureInfo.InvariantCulture, $"Forgot the conversation {id} with its {receipt.Messages} messages.")
                : $"There is no conversation {id}.",
            new ForgottenAnswer
            {
                Forgotten = [],
                NotFound = [],
                ConversationDeleted = receipt.Existed,
                Messages = receipt.Messages,
            }
        );
    }

    // Another's conversation, which is refused, is told as one that there is not.
    private static async Task<DeleteReceipt> DeleteAsync(MemoryCall call, string id, CancellationToken cancellationToken)
    {
        try
        {
            return await call.Conversation(id).DeleteAsync(cancellationToken);
        }
        catch (ConversationNotFoundException)
        {
            return new DeleteReceipt { Existed = false };
        }
    }
}
