using OrleansMemory.Client.Json;
using OrleansMemory.Conversations;

namespace OrleansMemory.Silo.Api.Documents;

/// <summary>A page of messages.</summary>
/// <param name="Messages">The messages, in the order that was asked for.</param>
/// <param name="Next">
/// Where the next page starts: give it as after when reading goes forward, else as before. Null when nothing is left.
/// </param>
internal sealed record MessagePageDocument(IReadOnlyList<MessageDocument> Messages, long? Next)
{
    /// <summary>The document of a page.</summary>
    /// <param name="page">The page.</param>
    /// <returns>The document.</returns>
    public static MessagePageDocument Of(MessagePage page) => new([.. page.Messages.Select(MessageDocument.Of)], page.Next);
}
