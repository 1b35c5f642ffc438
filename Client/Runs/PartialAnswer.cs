using Microsoft.Extensions.AI;

namespace OrleansMemory.Client.Runs;

/// <summary>What can be stored of an answer that did not come to its end.</summary>
internal static class PartialAnswer
{
    /// <summary>
    /// Leaves out the calls that have no result, since no one will answer them any more, and messages of which nothing is left.
    /// </summary>
    /// <param name="messages">What came of the answer.</param>
    /// <returns>Copies of the messages that are left.</returns>
    public static List<ChatMessage> Of(IEnumerable<ChatMessage> messages)
    {
        List<ChatMessage> copies = [.. messages.Select(Copies.Of)];
        HashSet<string> answered = copies
            .SelectMany(message => message.Contents)
            .OfType<FunctionResultContent>()
            .Select(result => result.CallId)
            .ToHashSet(StringComparer.Ordinal);
        foreach (ChatMessage copy in copies)
        {
            copy.Contents = [.. copy.Contents.Where(content => !IsOpenCall(content))];
        }

        copies.RemoveAll(message => message.Contents.Count == 0);
        return copies;

        bool IsOpenCall(AIContent content) =>
            content is FunctionCallContent { InformationalOnly: false } call && !answered.Contains(call.CallId);
    }
}
