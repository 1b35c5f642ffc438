using Microsoft.Extensions.AI;

namespace OrleansMemory.Client.Agents;

/// <summary>Keeps tool calls and their results together where a list starts in the middle of a conversation.</summary>
internal static class AnsweredCalls
{
    /// <summary>Leaves out messages with a result whose call is not in the list: services refuse such a history.</summary>
    /// <param name="messages">The newest messages of a longer conversation, oldest first.</param>
    /// <returns>The same list without them.</returns>
    public static IReadOnlyList<ChatMessage> WithoutOrphans(IEnumerable<ChatMessage> messages)
    {
        var called = new HashSet<string>(StringComparer.Ordinal);
        var kept = new List<ChatMessage>();
        foreach (ChatMessage message in messages)
        {
            if (message.Contents.OfType<FunctionResultContent>().All(result => called.Contains(result.CallId)))
            {
                called.UnionWith(message.Contents.OfType<FunctionCallContent>().Select(call => call.CallId));
                kept.Add(message);
            }
        }

        return kept;
    }
}
