using System.Collections.Immutable;
using OrleansMemory.Conversations;
using OrleansMemory.Grains.Storage;

namespace OrleansMemory.Grains.Conversations;

/// <summary>
/// The turns that are on their way, in the order in which they were handed to the store. Each call asks for one by id and for the last one,
/// so neither may depend on how many there are.
/// </summary>
/// <param name="comparer">Compares ids; <see langword="null"/> compares them ordinally.</param>
internal sealed class PendingTurns(IEqualityComparer<string>? comparer = null)
{
    private readonly Queue<PendingTurn> _order = new();
    private readonly Dictionary<string, PendingTurn> _byId = new(comparer ?? StringComparer.Ordinal);

    private readonly Dictionary<string, long> _messages = new(StringComparer.Ordinal);

    /// <summary>The turn that was added last; <see langword="null"/> when none is on its way.</summary>
    public PendingTurn? Last { get; private set; }

    /// <summary>The turn that was added first; <see langword="null"/> when none is on its way.</summary>
    public PendingTurn? First => _order.TryPeek(out PendingTurn? first) ? first : null;

    /// <summary>Finds a turn.</summary>
    /// <returns>The turn; <see langword="null"/> when it is not on its way.</returns>
    public PendingTurn? Find(string turnId) => _byId.GetValueOrDefault(turnId);

    /// <summary>Looks for a message that is on its way.</summary>
    /// <param name="first">Messages before this sequence do not count.</param>
    /// <returns>Whether a turn that is on its way appends one of this id.</returns>
    public bool Appends(string id, long first) => _messages.TryGetValue(id, out long sequence) && sequence >= first;

    /// <summary>Adds a turn behind the others.</summary>
    /// <param name="pending">The turn. No other one of its id is on its way.</param>
    public void Add(PendingTurn pending)
    {
        _byId.TryAdd(pending.Turn.Commit.TurnId, pending);
        ImmutableArray<MessageRow> messages = pending.Turn.Commit.Messages;
        for (int i = 0; i < messages.Length; i++)
        {
            _messages[messages[i].Message.Id] = messages[i].Message.Sequence;
        }

        _order.Enqueue(pending);
        Last = pending;
    }

    /// <summary>Removes the turn that was added first.</summary>
    public void RemoveFirst()
    {
        TurnCommit removed = _order.Dequeue().Turn.Commit;
        _byId.Remove(removed.TurnId);
        for (int i = 0; i < removed.Messages.Length; i++)
        {
            Message message = removed.Messages[i].Message;
            if (_messages.TryGetValue(message.Id, out long newest) && newest == message.Sequence)
            {
                _messages.Remove(message.Id);
            }
        }

        if (_order.Count == 0)
        {
            Last = null;
        }
    }
}
