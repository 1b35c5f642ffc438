using Microsoft.Extensions.AI;
using OrleansMemory.Conversations;

namespace OrleansMemory.Client.Runs;

/// <summary>Finds what of an input is new, where callers send again what the conversation holds already.</summary>
/// <param name="marks">Which objects are stored.</param>
/// <param name="substance">Compares messages.</param>
internal sealed class NewInput(StoredMarks marks, Substance substance)
{
    private enum Standing
    {
        Unknown,
        Known,
        Changed,
    }

    /// <summary>Leaves out what is stored.</summary>
    /// <param name="head">The conversation.</param>
    /// <param name="reach">Its messages, as far as they have been read; all system messages are among them.</param>
    /// <returns>
    /// The new messages, in order. Known is a message with the id and the substance of a stored one; what stands before the last such
    /// message of the input, unless it has the id of a stored message that says something else, which makes it a new one; a system message
    /// that says what a stored one says, and no other one; and an object that was stored before, but not the last one for that alone,
    /// because somebody may say the same thing twice.
    /// </returns>
    public IReadOnlyList<ChatMessage> Of(Head head, IEnumerable<ConversationMessage> reach, IReadOnlyList<ChatMessage> input)
    {
        if (input.All(message => string.IsNullOrEmpty(message.MessageId) && message.Role != ChatRole.System))
        {
            return [.. input.Where((message, i) => !IsMarked(head, input, i))];
        }

        List<ChatMessage> stored = [.. reach.Select(message => message.Message)];
        ILookup<string, ChatMessage> byId = stored.ToLookup(message => message.MessageId ?? string.Empty, StringComparer.Ordinal);
        HashSet<string> system = stored
            .Where(message => message.Role == ChatRole.System)
            .Select(message => message.Text)
            .ToHashSet(StringComparer.Ordinal);
        Standing[] standings = [.. input.Select(message => StandingOf(byId, message))];
        int anchor = Array.LastIndexOf(standings, Standing.Known);
        return [.. input.Where((_, i) => IsNew(i))];

        bool IsNew(int i)
        {
            if (standings[i] == Standing.Known || IsMarked(head, input, i))
            {
                return false;
            }

            bool isSystem = MessageRoles.System.Equals(ChatMessageFormat.StoredRole(input[i].Role).Role, StringComparison.Ordinal);
            return isSystem ? input[i].Text.Length == 0 || !system.Contains(input[i].Text) : i > anchor || standings[i] == Standing.Changed;
        }
    }

    /// <summary>Whether a message of the input is an object that was stored before and is not the last one.</summary>
    /// <param name="head">The conversation.</param>
    public bool IsMarked(Head head, IReadOnlyList<ChatMessage> input, int index) =>
        index < input.Count - 1 && marks.Has(input[index], head);

    private Standing StandingOf(ILookup<string, ChatMessage> byId, ChatMessage message)
    {
        // Ids need not be unique in a log: some clients gave one to all results of a run.
        if (string.IsNullOrEmpty(message.MessageId) || !byId.Contains(message.MessageId))
        {
            return Standing.Unknown;
        }

        return byId[message.MessageId].Any(stored => substance.IsSame(stored, message)) ? Standing.Known : Standing.Changed;
    }
}
