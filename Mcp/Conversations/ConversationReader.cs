using OrleansMemory.Client;
using OrleansMemory.Conversations;
using OrleansMemory.Errors;
using OrleansMemory.Mcp.Access;
using OrleansMemory.Mcp.Results;
using OrleansMemory.Memories;

namespace OrleansMemory.Mcp.Conversations;

/// <summary>Reads as much of a conversation as one result may hold.</summary>
/// <param name="call">For whom.</param>
/// <param name="request">Which messages.</param>
internal sealed class ConversationReader(MemoryCall call, ReadRequest request)
{
    // Messages may be large: no more of them are read at a time than a result is likely to take.
    private const int StepMessages = 20;

    private const long FromTheEnd = long.MaxValue - 1;

    private readonly TextPage _page = new(call.MaxResultLength);
    private readonly List<MessageAnswer> _messages = [];

    // Where to go on; null when nothing is left.
    private Cursor? _next;
    private bool _isFull;

    /// <summary>Reads messages.</summary>
    /// <param name="call">For whom.</param>
    /// <exception cref="ConversationNotFoundException">The caller has no such conversation.</exception>
    public static Task<ConversationAnswer> ReadAsync(MemoryCall call, ReadRequest request, CancellationToken cancellationToken) =>
        new ConversationReader(call, request).ReadAsync(cancellationToken);

    private async Task<ConversationAnswer> ReadAsync(CancellationToken cancellationToken)
    {
        Conversation conversation = call.Conversation(request.ConversationId);
        _next =
            Cursor.Read(request.Cursor, request.Conditions)
            ?? new Cursor(request.IsOldestFirst ? (request.After ?? 0) + 1 : request.Before - 1 ?? FromTheEnd, 0);
        while (!_isFull && _next is { } from && _messages.Count < request.Limit)
        {
            Add(await conversation.GetStoredMessagesAsync(StepFrom(from), cancellationToken), from);
        }

        return new ConversationAnswer
        {
            Notice = MemoryFence.Notice,
            ConversationId = request.ConversationId,
            Messages = _messages,
            Next = _next?.Write(request.Conditions),
        };
    }

    private MessageQuery StepFrom(Cursor from) =>
        new()
        {
            Limit = Math.Min(request.Limit - _messages.Count, StepMessages),
            Order = request.IsOldestFirst ? MessageOrder.Ascending : MessageOrder.Descending,
            After = request.IsOldestFirst ? from.Position - 1 : request.After,
            Before =
                request.IsOldestFirst ? request.Before
                : from.Position == FromTheEnd ? null
                : from.Position + 1,
        };

    private void Add(MessagePage step, Cursor from)
    {
        foreach (Message message in step.Messages)
        {
            // The message that a result has begun with may have been dropped since.
            int offset = message.Sequence == from.Position ? from.Offset : 0;
            string text = MessageText.Of(call.Client.Format.ToShownMessage(message), call.Client.Format.Options);
            if (!_page.TryAdd(text, offset, out TextPiece piece))
            {
                EndAt(new Cursor(message.Sequence, 0));
                return;
            }

            _messages.Add(ToAnswer(message, piece));
            if (piece.Next is { } rest)
            {
                EndAt(new Cursor(message.Sequence, rest));
                return;
            }
        }

        _next =
            step.Next is null || step.Messages.IsEmpty
                ? null
                : new Cursor(step.Messages[^1].Sequence + (request.IsOldestFirst ? 1 : -1), 0);
    }

    private void EndAt(Cursor next) => (_next, _isFull) = (next, true);

    private static MessageAnswer ToAnswer(Message message, TextPiece piece) =>
        new()
        {
            Sequence = message.Sequence,
            Role = message.Role,
            Author = Fence.Clean(message.Author),
            CreatedAt = message.Created,
            Text = piece.Text,
            TextOffset = piece.Offset == 0 ? null : piece.Offset,
            Continues = piece.Next is null ? null : true,
        };
}
