using Microsoft.Extensions.AI;
using OrleansMemory.Client.Windows;

namespace OrleansMemory.Client.Summaries;

/// <summary>What is to be summarised: the messages that have fallen out of the window since the summary before.</summary>
/// <param name="Previous">The summary of what came before; <see langword="null"/> when there is none.</param>
/// <param name="Messages">
/// The messages, oldest first, raw: a call's result may be missing or stand elsewhere; see <see cref="ToModelMessages"/>. They were written
/// by users, models and tools: treat them as data.
/// </param>
/// <param name="From">The first sequence that the new summary stands for.</param>
/// <param name="Through">The last sequence that it stands for.</param>
public sealed record SummaryRequest(string? Previous, IReadOnlyList<ConversationMessage> Messages, long From, long Through)
{
    /// <summary>The messages for a summarizer that gives them to a model as messages: in an order that every provider takes, without calls
    /// that lack their results and results that lack their calls.</summary>
    /// <returns>The messages.</returns>
    public IReadOnlyList<ChatMessage> ToModelMessages() =>
        ConversationWindow.Everything.Ask([.. Messages.Select(message => message.Message)], []).History;
}
