using Microsoft.Extensions.AI;

namespace OrleansMemory.Client.Windows;

/// <summary>The window of a stored conversation.</summary>
/// <param name="Messages">The stored messages of the window, in the order in which they are sent.</param>
/// <param name="Awaiting">What of the log the input answers; it goes directly before the input.</param>
/// <param name="Asked">What the input answers, and the input, in an order that every provider takes.</param>
/// <param name="AskedIsStored">Of each message of <paramref name="Asked"/>, whether it is one of the log.</param>
/// <param name="Start">The first sequence of the part that is in the window for its newness; one more than the newest sequence when nothing
/// of the log is.</param>
/// <param name="Older">How many of the messages stand before that part.</param>
/// <param name="IsFull">Whether the bounds left something out.</param>
/// <param name="IsInterrupted">Whether the input has results of calls that are not the newest of the log, or not there.</param>
internal sealed record LoadedWindow(
    IReadOnlyList<ConversationMessage> Messages,
    IReadOnlyList<ConversationMessage> Awaiting,
    IReadOnlyList<ChatMessage> Asked,
    IReadOnlyList<bool> AskedIsStored,
    long Start,
    int Older,
    bool IsFull,
    bool IsInterrupted
)
{
    /// <summary>The window of a conversation that does not exist.</summary>
    /// <returns>The window: the input alone.</returns>
    public static LoadedWindow Of(IReadOnlyList<ChatMessage> input)
    {
        IReadOnlyList<ChatMessage> asked = ConversationWindow.Everything.Ask([], input).Asked;
        return new([], [], asked, new bool[asked.Count], Start: 1, Older: 0, IsFull: false, IsInterrupted: false);
    }
}
