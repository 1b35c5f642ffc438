using System.Runtime.CompilerServices;
using Microsoft.Extensions.AI;
using OrleansMemory.Conversations;

namespace OrleansMemory.Client.Runs;

/// <summary>
/// Remembers which chat messages, as objects, are stored in which conversations, for as long as the objects live: callers that send
/// everything again are not to store it again.
/// </summary>
internal sealed class StoredMarks
{
    private readonly ConditionalWeakTable<ChatMessage, Marks> _marks = [];

    /// <summary>Remembers messages of a committed turn.</summary>
    /// <param name="receipt">The turn's receipt.</param>
    /// <param name="messages">All messages of the turn, in order.</param>
    public void Add(ConversationKey key, TurnReceipt receipt, IEnumerable<ChatMessage> messages)
    {
        long sequence = receipt.FirstSequence ?? 0;
        foreach (ChatMessage message in messages)
        {
            _marks.GetOrCreateValue(message).Set(key, receipt.Version, sequence++);
        }
    }

    /// <summary>Whether a message is, or was before it was dropped, in the log of a conversation.</summary>
    /// <param name="head">The conversation's head: one that is behind the mark is that of a later life of the same id.</param>
    /// <returns>Whether it has been stored.</returns>
    public bool Has(ChatMessage message, Head head) => _marks.TryGetValue(message, out Marks? marks) && marks.Has(head);

    private sealed class Marks
    {
        private readonly Dictionary<ConversationKey, (long Version, long Sequence)> _places = new(1);

        public void Set(ConversationKey key, long version, long sequence)
        {
            lock (_places)
            {
                _places[key] = (version, sequence);
            }
        }

        public bool Has(Head head)
        {
            lock (_places)
            {
                return _places.TryGetValue(head.Key, out (long Version, long Sequence) place)
                    && place.Version <= head.Version
                    && place.Sequence <= head.LastSequence;
            }
        }
    }
}
