using ModelContextProtocol.Protocol;
using OrleansMemory.Client.Json;
using OrleansMemory.Conversations;
using OrleansMemory.Errors;
using OrleansMemory.Mcp.Access;
using OrleansMemory.Mcp.Results;
using OrleansMemory.Memories;

namespace OrleansMemory.Mcp.Tools;

/// <summary><c>search_history</c>: looks for messages by what they say, in one conversation or in all of a user.</summary>
internal sealed class SearchTool() : MemoryTool("search_history", ToolResults.SchemaOf<SearchAnswer>())
{
    private const int MaxLimit = 50;

    /// <inheritdoc />
    protected override async Task<CallToolResult> RunAsync(MemoryCall call, StrictObject arguments, CancellationToken cancellationToken)
    {
        var query = new MessageSearchQuery
        {
            Text = arguments.RequiredText("query"),
            Limit = Arguments.Limit(arguments, MaxLimit),
            Cursor = arguments.Text("cursor"),
        };
        MessageSearchPage page = await SearchAsync(call, arguments, query, cancellationToken);
        var answer = new SearchAnswer
        {
            Notice = MemoryFence.Notice,
            Hits = [.. page.Hits.Select(ToAnswer)],
            Next = page.Next,
        };
        return ToolResults.Of(page.Hits.IsEmpty ? "No message says so." : Describe(answer.Hits) + More.Of(page.Next), answer);
    }

    /// <inheritdoc />
    protected override string ArgumentOf(string parameter) =>
        parameter switch
        {
            "text" => "query",
            "userId" => "user",
            _ => parameter,
        };

    private static Task<MessageSearchPage> SearchAsync(
        MemoryCall call,
        StrictObject arguments,
        MessageSearchQuery query,
        CancellationToken cancellationToken
    )
    {
        string? conversation = arguments.Text("conversationId");
        string? user = call.User(ScopeFields.Name(arguments, "user", ScopeFields.OfList));
        return conversation is not null ? call.Conversation(conversation).SearchAsync(query, cancellationToken)
            : user is not null ? call.Client.SearchAsync(user, query, call.Caller.Tenant, cancellationToken)
            : throw new InvalidRequestException(
                "user",
                "Name the user whose conversations are searched, or the conversationId of one of them."
            );
    }

    private static HitAnswer ToAnswer(MessageHit hit) =>
        new()
        {
            ConversationId = hit.Conversation.Id,
            Sequence = hit.Message.Sequence,
            Role = hit.Message.Role,
            Author = Fence.Clean(hit.Message.Author),
            CreatedAt = hit.Message.Created,
            Excerpt = Fence.Clean(hit.Excerpt.Text)!,
        };

    private static string Describe(IEnumerable<HitAnswer> hits)
    {
        var fence = new Fence("messages");
        foreach (HitAnswer hit in hits)
        {
            fence.Add(
                FormattableString.Invariant($"{hit.ConversationId} at {hit.Sequence} {Fence.Date(hit.CreatedAt)} {hit.Role}"),
                hit.Excerpt,
                hit.Author
            );
        }

        return $"Messages, each with its conversation and sequence:\n{fence}";
    }
}
