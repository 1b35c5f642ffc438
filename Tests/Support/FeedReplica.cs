using OrleansMemory.Conversations;

namespace OrleansMemory.Tests.Support;

/// <summary>What a reader has that applies every event of a feed, and nothing else. A gap or a repetition is an error at once.</summary>
internal sealed class FeedReplica(string name)
{
    private readonly SortedDictionary<long, Message> _messages = [];
    private long _first = 1;
    private long _last;

    /// <summary>Where it stands.</summary>
    public FeedPosition Position { get; private set; } = FeedPosition.Start;

    /// <summary>What it holds, in order.</summary>
    public IReadOnlyList<Message> Log => [.. _messages.Values];

    public void Apply(ConversationEvent next)
    {
        switch (next.Kind)
        {
            case ConversationEventKind.Message:
                Require(next.Message!.Sequence == _last + 1, next);
                Require(next.Position.Life == Position.Life || Position.Life is null, next);
                _last = next.Message.Sequence;
                _messages.Add(_last, next.Message);
                break;
            case ConversationEventKind.Truncated:
                Require(next.FirstSequence > _first, next);
                _first = next.FirstSequence!.Value;
                _last = Math.Max(_last, _first - 1);
                Drop(_first);
                break;
            case ConversationEventKind.Restarted:
                Require(next.Position.Life != Position.Life, next);
                (_first, _last) = (1, 0);
                Drop(long.MaxValue);
                break;
            case ConversationEventKind.Ended:
                break;
            default:
                Require(false, next);
                break;
        }

        Require(next.Position.Sequence == _last, next);
        Position = next.Position;
    }

    /// <summary>Forgets, as a reader does that connects again, which first sequence it was told: it is told once more.</summary>
    public void Reconnect() => _first = 1;

    private void Drop(long before)
    {
        foreach (long sequence in _messages.Keys.TakeWhile(sequence => sequence < before).ToList())
        {
            _messages.Remove(sequence);
        }
    }

    private void Require(bool holds, ConversationEvent next)
    {
        if (!holds)
        {
            throw new InvalidOperationException(
                $"{name}: {next.Kind} at {next.Position} (first {next.FirstSequence}) does not follow {Position} (first {_first})."
            );
        }
    }
}
