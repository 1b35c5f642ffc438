using Microsoft.Extensions.AI;
using OrleansMemory.Client.Windows;

namespace OrleansMemory.Client.Agents;

/// <summary>What a store lists where a reducer shapes it.</summary>
internal static class ReducedHistory
{
    /// <summary>Lets a reducer choose, and leaves out what it has torn apart.</summary>
    /// <param name="reducer">The reducer; <see langword="null"/> for none.</param>
    /// <param name="history">The messages, as a model may be given them.</param>
    /// <param name="awaiting">What of them the input answers; the reducer is not given it.</param>
    /// <param name="newInput">The input.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>The messages.</returns>
    public static async Task<IReadOnlyList<ChatMessage>> OfAsync(
        IChatReducer? reducer,
        IReadOnlyList<ChatMessage> history,
        IReadOnlyList<ChatMessage> awaiting,
        IReadOnlyList<ChatMessage> newInput,
        CancellationToken cancellationToken)
    {
        if (reducer is null)
        {
            return [.. history, .. awaiting];
        }

        IEnumerable<ChatMessage> chosen = await reducer.ReduceAsync(history, cancellationToken);
        AskedMessages asked = ConversationWindow.Everything.Ask([.. chosen, .. awaiting], newInput);
        return [.. asked.History, .. asked.Awaiting];
    }
}
