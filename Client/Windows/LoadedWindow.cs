namespace OrleansMemory.Client.Windows;

/// <summary>The window of a stored conversation.</summary>
/// <param name="Messages">The stored messages of the window, oldest first.</param>
/// <param name="Start">The first sequence of the part that is in the window for its newness; one more than the newest sequence when nothing
/// of the log is.</param>
/// <param name="IsFull">Whether the bounds left something out.</param>
internal sealed record LoadedWindow(IReadOnlyList<ConversationMessage> Messages, long Start, bool IsFull)
{
    /// <summary>The window of a conversation that does not exist.</summary>
    public static LoadedWindow Empty { get; } = new([], 1, IsFull: false);
}
