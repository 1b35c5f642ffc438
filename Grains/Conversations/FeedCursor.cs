using System.Collections.Immutable;
using OrleansMemory.Conversations;
using OrleansMemory.Errors;

namespace OrleansMemory.Grains.Conversations;

/// <summary>What one reader of a feed knows, and so what it must be told next. Pure: no Orleans, no clock, no I/O.</summary>
internal sealed class FeedCursor
{
    private long? _storeId;
    private long _first;

    private FeedCursor(long? storeId, long first, FeedPosition position)
    {
        _storeId = storeId;
        _first = first;
        Position = position;
    }

    /// <summary>Where the reader stands.</summary>
    public FeedPosition Position { get; private set; }

    /// <summary>
    /// The round of <see cref="FeedSignal"/> in which the reader was given the end of the log as it was then; 0 where it was not.
    /// </summary>
    public long EndedIn { get; set; }

    /// <summary>The sequence of the message that the reader needs next.</summary>
    public long Next => Position.Sequence + 1;

    /// <summary>A reader that knows everything there is.</summary>
    /// <param name="state">A live conversation.</param>
    public static FeedCursor AtEnd(ConversationState state) =>
        new(state.StoreId, state.FirstSequence, new FeedPosition(state.LastSequence, state.Head!.CreatedAt));

    /// <summary>A reader that comes with a position.</summary>
    /// <param name="state">A live conversation.</param>
    /// <exception cref="InvalidRequestException">The position lies behind the log's end.</exception>
    public static FeedCursor At(FeedPosition after, ConversationState state)
    {
        bool isOfLife = IsOfLife(after, state);
        if (after.Sequence < 0 || (isOfLife && after.Sequence > state.LastSequence))
        {
            throw new InvalidRequestException(
                "after",
                FormattableString.Invariant($"after must be 0 to {state.LastSequence}, the last sequence that this conversation has given.")
            );
        }

        return isOfLife ? new FeedCursor(state.StoreId, 1, after with { Life = state.Head!.CreatedAt }) : new FeedCursor(null, 1, after);
    }

    /// <summary>Whether a position is one of this life. If not, another activation may know more of the conversation.</summary>
    /// <param name="state">A live conversation.</param>
    public static bool Fits(FeedPosition after, ConversationState state) => IsOfLife(after, state) && after.Sequence <= state.LastSequence;

    /// <summary>The feed's first event.</summary>
    public ConversationEvent Open() => Make(ConversationEventKind.Opened);

    /// <summary>The feed's last event.</summary>
    public ConversationEvent End() => Make(ConversationEventKind.Ended);

    /// <summary>What the reader must be told about the conversation before it can be given messages.</summary>
    /// <param name="state">A live conversation.</param>
    /// <returns>The event; <see langword="null"/> when there is nothing to tell.</returns>
    public ConversationEvent? Follow(ConversationState state)
    {
        if (_storeId != state.StoreId)
        {
            (_storeId, _first) = (state.StoreId, 1);
            Position = new FeedPosition(0, state.Head!.CreatedAt);
            return Make(ConversationEventKind.Restarted);
        }

        if (state.FirstSequence <= _first)
        {
            return null;
        }

        _first = state.FirstSequence;
        Position = Position with { Sequence = Math.Max(Position.Sequence, _first - 1) };
        return Make(ConversationEventKind.Truncated) with { FirstSequence = _first };
    }

    /// <summary>Goes on by one message.</summary>
    /// <param name="message">The message that is needed next.</param>
    public ConversationEvent Move(Message message)
    {
        Position = Position with { Sequence = message.Sequence };
        return Make(ConversationEventKind.Message) with { Message = message };
    }

    /// <summary>Goes on by messages.</summary>
    /// <param name="messages">Messages of which the first one is needed next, without a gap.</param>
    public ConversationEvent Move(ImmutableArray<Message> messages)
    {
        Position = Position with { Sequence = messages[^1].Sequence };
        return Make(ConversationEventKind.Messages) with { Messages = messages };
    }

    private static bool IsOfLife(FeedPosition after, ConversationState state) => after.Life is null || after.Life == state.Head!.CreatedAt;

    private ConversationEvent Make(ConversationEventKind kind) => new() { Kind = kind, Position = Position };
}
