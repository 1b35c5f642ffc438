using Microsoft.Extensions.AI;

namespace OrleansMemory.Client.Windows;

/// <summary>What a model is to be sent, in three parts between which a caller may put something of its own.</summary>
/// <param name="History">The messages of the window.</param>
/// <param name="Awaiting">What of the messages the input answers: it goes directly before the input.</param>
/// <param name="Asked">What the input answers and the input, in an order that every provider takes.</param>
internal sealed record AskedMessages(
    IReadOnlyList<ChatMessage> History,
    IReadOnlyList<ChatMessage> Awaiting,
    IReadOnlyList<ChatMessage> Asked
)
{
    /// <summary>Makes the messages of a plan.</summary>
    /// <param name="messages">The messages before the input.</param>
    public static AskedMessages Of(WindowPlan plan, IReadOnlyList<ChatMessage> messages, IReadOnlyList<ChatMessage> input)
    {
        return new AskedMessages(
            [.. plan.History.Select(piece => piece.Of(Find))],
            [.. plan.Asked.Where(piece => piece.Item < messages.Count).Select(piece => piece.Of(Find))],
            [.. plan.Asked.Select(piece => piece.Of(Find))]
        );

        ChatMessage Find(int item) => item < messages.Count ? messages[item] : input[item - messages.Count];
    }
}
