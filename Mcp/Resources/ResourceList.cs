using ModelContextProtocol;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;
using OrleansMemory.Conversations;
using OrleansMemory.Errors;
using OrleansMemory.Mcp.Access;
using OrleansMemory.Mcp.Conversations;
using OrleansMemory.Mcp.Results;

namespace OrleansMemory.Mcp.Resources;

/// <summary>
/// Lists what there is to read, behind what the app lists itself: the memories of the caller's user, and conversations, the one with the
/// newest turn first.
/// </summary>
internal static class ResourceList
{
    private const int PageConversations = 50;

    // Tells our cursors from those of the app.
    private const string OwnCursor = "conversations.";

    /// <summary>Adds them to a list.</summary>
    /// <param name="next">What lists the app's own resources.</param>
    /// <returns>What lists both.</returns>
    public static McpRequestHandler<ListResourcesRequestParams, ListResourcesResult> Around(
        McpRequestHandler<ListResourcesRequestParams, ListResourcesResult> next
    ) =>
        async (request, cancellationToken) =>
        {
            string? cursor = request.Params?.Cursor;
            bool isOwn = cursor?.StartsWith(OwnCursor, StringComparison.Ordinal) == true;
            ListResourcesResult result = isOwn ? new ListResourcesResult() : await next(request, cancellationToken);
            if (result.NextCursor is not null)
            {
                return result;
            }

            try
            {
                await AddAsync(result, request, isOwn ? cursor![OwnCursor.Length..] : null, cancellationToken);
                return result;
            }
            catch (Exception failure)
                when (failure is not McpException && !(failure is OperationCanceledException && cancellationToken.IsCancellationRequested))
            {
                throw Failures.ToProtocol(Failures.Of(failure, request, "resources/list"), request);
            }
        };

    private static async Task AddAsync(
        ListResourcesResult result,
        RequestContext<ListResourcesRequestParams> request,
        string? cursor,
        CancellationToken cancellationToken
    )
    {
        if (cursor is null && request.Params?.Cursor is not null && result.Resources.Count == 0)
        {
            throw new InvalidRequestException(
                "cursor",
                "This cursor is not known. Send the nextCursor of the list before, or none to begin anew."
            );
        }

        using var call = MemoryCall.Begin(request);
        if (cursor is null && call.Caller.UserId is { } user)
        {
            result.Resources.Add(
                new Resource
                {
                    Uri = MemoryResource.AddressOf(user),
                    Name = "memories",
                    Title = "Memories",
                    MimeType = TextResource.MimeType,
                }
            );
        }

        var query = new ConversationListQuery
        {
            UserId = call.Caller.UserId,
            Limit = PageConversations,
            Cursor = cursor,
        };
        ConversationListPage page = await call.Client.ListAsync(query, call.Caller.Tenant, cancellationToken);
        foreach (Head head in page.Conversations)
        {
            result.Resources.Add(
                new Resource
                {
                    Uri = ResourceAddress.Write(ConversationResource.Scheme, head.Key.Id),
                    Name = head.Key.Id,
                    Title = ConversationList.TitleOf(head),
                    MimeType = TextResource.MimeType,
                }
            );
        }

        result.NextCursor = page.Next is null ? null : OwnCursor + page.Next;
    }
}
