using OrleansMemory.Conversations;

namespace OrleansMemory.Silo.Api.Documents;

/// <summary>A page of a list of conversations.</summary>
/// <param name="Conversations">
/// The conversations as they are now, in descending order of the newest turn that each had when the first page was read.
/// </param>
/// <param name="Next">Where the next page starts: give it as cursor, with the same conditions. Null when nothing is left.</param>
internal sealed record ConversationListDocument(IReadOnlyList<ConversationDocument> Conversations, string? Next)
{
    /// <summary>The document of a page.</summary>
    /// <param name="page">The page.</param>
    /// <returns>The document.</returns>
    public static ConversationListDocument Of(ConversationListPage page) =>
        new([.. page.Conversations.Select(ConversationDocument.Of)], page.Next);
}
