using System.Collections.Concurrent;
using OrleansMemory.Conversations;
using Xunit;

namespace OrleansMemory.Tests.Support;

/// <summary>What the writers were told, to be held against what is stored.</summary>
internal sealed class Ledger
{
    private readonly ConcurrentDictionary<string, ConcurrentDictionary<string, TurnReceipt>> _acknowledged = new();
    private int _count;

    /// <summary>How many turns were acknowledged.</summary>
    public int Count => Volatile.Read(ref _count);

    public void Acknowledge(string conversation, string turnId, TurnReceipt receipt)
    {
        Assert.True(_acknowledged.GetOrAdd(conversation, _ => new()).TryAdd(turnId, receipt), $"{turnId} was acknowledged twice");
        Interlocked.Increment(ref _count);
    }

    /// <summary>A turn that carries its own id in both of its messages.</summary>
    public static Turn Turn(string turnId) => Messages.Turn(turnId, Messages.User(turnId), Messages.Assistant(turnId));

    /// <summary>
    /// Every acknowledged turn is there once, where its receipt says; nothing else is; sequences have no gaps; versions equal the turns.
    /// </summary>
    public async Task VerifyAsync(Func<string, Task<(Head Head, List<Message> Messages)>> read)
    {
        foreach ((string conversation, ConcurrentDictionary<string, TurnReceipt> turns) in _acknowledged)
        {
            (Head head, List<Message> messages) = await read(conversation);
            Assert.Equal(turns.Count, head.Version);
            Assert.Equal(turns.Count * 2L, head.LastSequence);
            Assert.Equal(Enumerable.Range(1, turns.Count * 2).Select(i => (long)i), messages.Select(message => message.Sequence));
            Assert.Equal(Enumerable.Range(1, turns.Count).Select(i => (long)i), turns.Values.Select(receipt => receipt.Version).Order());
            foreach ((string turnId, TurnReceipt receipt) in turns)
            {
                Assert.Equal(receipt.FirstSequence + 1, receipt.LastSequence);
                Assert.Equal(Messages.Text(turnId), messages[(int)receipt.FirstSequence! - 1].Contents);
                Assert.Equal(Messages.Text(turnId), messages[(int)receipt.LastSequence! - 1].Contents);
            }
        }
    }

    public static async Task<(Head Head, List<Message> Messages)> ReadAsync(IConversationGrain conversation)
    {
        var messages = new List<Message>();
        await foreach (Message message in conversation.StreamMessagesAsync(new MessageQuery()))
        {
            messages.Add(message);
        }

        return ((await conversation.GetHeadAsync())!, messages);
    }
}
