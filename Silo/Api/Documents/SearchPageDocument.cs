using OrleansMemory.Client.Json;
using OrleansMemory.Conversations;

namespace OrleansMemory.Silo.Api.Documents;

/// <summary>A page of messages that were found.</summary>
/// <param name="Hits">The messages, newest first.</param>
/// <param name="Next">The cursor of the next page. Null when nothing is left.</param>
internal sealed record SearchPageDocument(IReadOnlyList<SearchHitDocument> Hits, string? Next)
{
    /// <summary>The document of a page.</summary>
    /// <param name="page">The page.</param>
    /// <returns>The document.</returns>
    public static SearchPageDocument Of(MessageSearchPage page) =>
        new(
            [
                .. page.Hits.Select(hit => new SearchHitDocument(
                    hit.Conversation.Id,
                    MessageDocument.Of(hit.Message),
                    ExcerptDocument.Of(hit.Excerpt)
                )),
            ],
            page.Next
        );
}

/// <summary>A message that was found. Its content is as untrusted as the people and models it came from.</summary>
/// <param name="ConversationId">The conversation it was found in.</param>
/// <param name="Message">The message.</param>
/// <param name="Excerpt">A piece of its text around the first match.</param>
internal sealed record SearchHitDocument(string ConversationId, MessageDocument Message, ExcerptDocument Excerpt);

/// <summary>A short piece of a message's text. It is no markup: encode it for where it is shown.</summary>
/// <param name="Text">The piece, on one line, at most 240 UTF-16 units.</param>
/// <param name="Matches">What was found in it, from left to right.</param>
internal sealed record ExcerptDocument(string Text, IReadOnlyList<MatchDocument> Matches)
{
    /// <summary>The document of an excerpt.</summary>
    /// <param name="excerpt">The excerpt.</param>
    /// <returns>The document.</returns>
    public static ExcerptDocument Of(MessageExcerpt excerpt) =>
        new(excerpt.Text, [.. excerpt.Matches.Select(match => new MatchDocument(match.Start, match.Length))]);
}

/// <summary>A part of an excerpt.</summary>
/// <param name="Start">Where it starts, from 0, in UTF-16 units.</param>
/// <param name="Length">How long it is, in UTF-16 units.</param>
internal sealed record MatchDocument(int Start, int Length);
