using ModelContextProtocol.Protocol;
using OrleansMemory.Client.Json;
using OrleansMemory.Conversations;
using OrleansMemory.Mcp.Access;
using OrleansMemory.Mcp.Conversations;
using OrleansMemory.Mcp.Results;
using OrleansMemory.Memories;

namespace OrleansMemory.Mcp.Tools;

/// <summary><c>list_conversations</c>: lists conversations, the one with the newest turn first.</summary>
internal sealed class ListTool() : MemoryTool("list_conversations", ToolResults.SchemaOf<ConversationListAnswer>())
{
    private const int MaxLimit = 100;
    private const int DefaultLimit = 20;

    /// <inheritdoc />
    protected override async Task<CallToolResult> RunAsync(MemoryCall call, StrictObject arguments, CancellationToken cancellationToken)
    {
        var query = new ConversationListQuery
        {
            UserId = call.User(ScopeFields.Name(arguments, "user", ScopeFields.OfList)),
            AgentId = ScopeFields.Name(arguments, "agent", ScopeFields.OfList),
            Limit = Arguments.Limit(arguments, MaxLimit) ?? DefaultLimit,
            Cursor = arguments.Text("cursor"),
        };
        ConversationListPage page = await call.Client.ListAsync(query, call.Caller.Tenant, cancellationToken);
        var answer = new ConversationListAnswer
        {
            Notice = MemoryFence.Notice,
            Conversations = [.. page.Conversations.Select(ConversationList.ToAnswer)],
            Next = page.Next,
        };
        return ToolResults.Of(
            page.Conversations.IsEmpty
                ? "There are no such conversations."
                : ConversationList.Describe(answer.Conversations) + More.Of(page.Next),
            answer
        );
    }

    /// <inheritdoc />
    protected override string ArgumentOf(string parameter) =>
        parameter switch
        {
            "userId" => "user",
            "agentId" => "agent",
            _ => parameter,
        };
}
