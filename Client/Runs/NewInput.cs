using Microsoft.Extensions.AI;
using OrleansMemory.Client.Windows;
using OrleansMemory.Conversations;

namespace OrleansMemory.Client.Runs;

/// <summary>Finds what of an input is new, where callers send again what the conversation holds already.</summary>
/// <param name="marks">Which objects are stored.</param>
internal sealed class NewInput(StoredMarks marks)
{
    /// <summary>Leaves out what is stored.</summary>
    /// <param name="head">The conversation.</param>
    /// <param name="reach">Its messages, as far as they have been read; all system messages are among them.</param>
    /// <param name="input">The input.</param>
    /// <returns>
    /// The new messages, in order. Stored is a message with the id and the substance of a stored one, a system message that says what a
    /// stored one says, and an object that was
    /// stored before; but not the last one for that alone, because somebody may say the same thing twice.
    /// </returns>
    public IReadOnlyList<ChatMessage> Of(Head head, IEnumerable<ConversationMessage> reach, IReadOnlyList<ChatMessage> input)
    {
        ILookup<string, ChatMessage>? byId = null;
        HashSet<string>? system = null;
        var fresh = new List<ChatMessage>(input.Count);
        for (int i = 0; i < input.Count; i++)
        {
            ChatMessage message = input[i];
            bool known = i < input.Count - 1 && marks.Has(message, head);
            if (!known && message.MessageId is { Length: > 0 } id)
            {
                byId ??= reach.ToLookup(stored => stored.Message.MessageId ?? "", stored => stored.Message, StringComparer.Ordinal);
                known = byId[id].Any(stored => IsSame(stored, message));
            }

            if (!known && message.Role == ChatRole.System && message.Text.Length > 0)
            {
                system ??= reach.Where(stored => stored.Message.Role == ChatRole.System).Select(stored => stored.Message.Text).ToHashSet(StringComparer.Ordinal);
                known = system.Contains(message.Text);
            }

            if (!known)
            {
                fresh.Add(message);
            }
        }

        return fresh;
    }

    /// <summary>Ids need not be unique: some clients give one to all results of a run.</summary>
    private static bool IsSame(ChatMessage stored, ChatMessage given) =>
        stored.Role == given.Role
        && string.Equals(stored.Text, given.Text, StringComparison.Ordinal)
        && ToolUse.In(stored.Contents).Select(use => use.Id).SequenceEqual(ToolUse.In(given.Contents).Select(use => use.Id), StringComparer.Ordinal);
}
