using OrleansMemory.Conversations;
using OrleansMemory.Errors;
using OrleansMemory.Grains.Storage;
using OrleansMemory.Grains.Text;

namespace OrleansMemory.Grains.Conversations;

/// <summary>Checks a search, and makes a page of what the store has found.</summary>
internal sealed class MessageSearching
{
    private const int DefaultPage = 20;
    private const int LargestPage = 100;

    private readonly SearchCursor _cursor;

    private MessageSearching(MessageSearch search, SearchCursor cursor)
    {
        Search = search;
        _cursor = cursor;
    }

    /// <summary>What the store is asked.</summary>
    public MessageSearch Search { get; }

    /// <summary>Checks a search.</summary>
    /// <param name="place">Where is searched; the same for every page.</param>
    /// <param name="maxPageBytes">The most bytes of a page.</param>
    /// <param name="now">The instant of the search.</param>
    /// <exception cref="InvalidRequestException">The text, the limit or the cursor is not valid.</exception>
    public static MessageSearching Check(MessageSearchQuery query, string place, long maxPageBytes, DateTimeOffset now)
    {
        if (query is null)
        {
            throw new InvalidRequestException("query", "query is missing.");
        }

        SearchExpression expression = SearchExpressionParser.Parse(query.Text, "text");
        if (query.Limit is < 1 or > LargestPage)
        {
            throw new InvalidRequestException("limit", FormattableString.Invariant($"limit must be 1 to {LargestPage}."));
        }

        var cursor = new SearchCursor(place, query.Text);
        return new MessageSearching(
            new MessageSearch(expression, cursor.Read(query.Cursor), query.Limit ?? DefaultPage, maxPageBytes, now),
            cursor
        );
    }

    /// <summary>Makes the page.</summary>
    /// <param name="result">What the store has found.</param>
    public MessageSearchPage ToPage(SearchResult result) =>
        new() { Hits = [.. result.Messages.Select(ToHit)], Next = result.More ? _cursor.Write(result.Messages[^1].Position) : null };

    private MessageHit ToHit(FoundMessage found) =>
        new()
        {
            Conversation = found.Key,
            Message = found.Message,
            Excerpt = Excerpt.Of(ContentsText.Read(found.Message.Contents), Search.Expression),
        };
}
