using Microsoft.Extensions.AI;
using OrleansMemory.Client.Errors;
using OrleansMemory.Conversations;

namespace OrleansMemory.Client.Windows;

/// <summary>
/// Reads a log backwards, page by page, until the window is full, and the system messages before that by a query of their own. What is read
/// does not depend on the log's length, and the window is the one that the whole log would give, whatever the size of the pages. Beyond the
/// window itself the newest <see cref="WindowPlan.Reach"/> messages are read where the newest user message, or what the input answers, is
/// not in it.
/// </summary>
/// <param name="head">Up to where to read: what is appended later is no part of it.</param>
/// <param name="largestPage">The most messages of one page, 1 to 1,000.</param>
internal sealed class WindowLoading(
    Conversation conversation,
    ConversationWindow window,
    Head head,
    int largestPage = WindowLoading.LargestPage
)
{
    // Small conversations and small windows are read in one page that an activation holds in memory.
    private const int FirstPage = 256;
    private const int LargestPage = 1_000;

    private readonly List<ConversationMessage> _read = [];
    private readonly List<WindowItem> _items = [];
    private readonly List<ConversationMessage> _system = [];
    private readonly List<WindowItem> _systemItems = [];
    private bool _whole;

    /// <summary>What has been read, newest first.</summary>
    public IReadOnlyList<ConversationMessage> Read => _read;

    /// <summary>The system messages that have been read by their query, newest first.</summary>
    public IReadOnlyList<ConversationMessage> System => _system;

    private long Oldest => _read.Count == 0 ? head.LastSequence + 1 : _read[^1].Sequence;

    /// <summary>Reads the newest page, and the system messages where one page is not all.</summary>
    public async Task BeginAsync(CancellationToken cancellationToken)
    {
        int first = Math.Min((int)Math.Clamp(window.Budget.Messages ?? FirstPage, 16, LargestPage), largestPage);
        if (head.MessageCount <= first || window.IsPlain)
        {
            await ReadPageAsync(first, cancellationToken);
            if (!_whole && !window.IsPlain)
            {
                // A page of large messages ends before its limit.
                await ReadSystemAsync(cancellationToken);
            }
        }
        else
        {
            await Task.WhenAll(ReadPageAsync(first, cancellationToken), ReadSystemAsync(cancellationToken));
        }
    }

    /// <summary>Reads on until the window is decided.</summary>
    /// <param name="input">The messages that come after the log and are in every window.</param>
    /// <param name="reserved">What else must fit.</param>
    /// <exception cref="WindowTooSmallException">The system messages alone do not fit.</exception>
    public async Task<LoadedWindow> DecideAsync(IReadOnlyList<ChatMessage> input, WindowSize reserved, CancellationToken cancellationToken)
    {
        WindowItem[] inputItems = [.. input.Select(message => WindowItem.Of(message, window.CountTokens))];
        while (true)
        {
            ConversationMessage[] messages = [.. OlderSystem(_system), .. Enumerable.Reverse(_read)];
            WindowItem[] items = [.. OlderSystem(_systemItems), .. Enumerable.Reverse(_items), .. inputItems];
            WindowPlan plan = WindowPlan.Make(items, messages.Length, window.Rules(reserved));
            bool looksFurther = plan.LacksAny && _read.Count < WindowPlan.Reach;
            if (_whole || ((plan.IsFull || plan.HasNoRoom) && !looksFurther))
            {
                return Result(plan, messages, input);
            }

            await ReadPageAsync(largestPage, cancellationToken);
        }
    }

    /// <summary>The system messages that stand before what has been read, or what belongs to them, oldest first.</summary>
    private IEnumerable<T> OlderSystem<T>(List<T> newestFirst) =>
        Enumerable.Reverse(newestFirst.Skip(_system.TakeWhile(message => message.Sequence >= Oldest).Count()).ToArray());

    private LoadedWindow Result(WindowPlan plan, ConversationMessage[] messages, IReadOnlyList<ChatMessage> input)
    {
        return new LoadedWindow(
            [.. plan.History.Select(Stored)],
            [.. plan.Asked.Where(piece => piece.Item < messages.Length).Select(Stored)],
            [.. plan.Asked.Select(piece => piece.Of(Find))],
            [.. plan.Asked.Select(piece => piece.Item < messages.Length)],
            plan.Start < messages.Length ? messages[plan.Start].Sequence : head.LastSequence + 1,
            plan.Older,
            plan.IsFull || (plan.HasNoRoom && !_whole),
            plan.IsInterrupted
        );

        ChatMessage Find(int item) => item < messages.Length ? messages[item].Message : input[item - messages.Length];

        ConversationMessage Stored(WindowPiece piece) =>
            piece.IsWhole ? messages[piece.Item] : messages[piece.Item] with { Message = piece.Of(Find) };
    }

    private async Task ReadPageAsync(int limit, CancellationToken cancellationToken)
    {
        var query = new MessageQuery
        {
            Before = Oldest,
            Limit = limit,
            Order = MessageOrder.Descending,
        };
        ConversationPage page = await conversation.GetShownMessagesAsync(query, cancellationToken);
        _whole = page.Next is null;
        _read.AddRange(page.Messages);
        _items.AddRange(page.Messages.Select(Measure));
    }

    /// <summary>Reads all system messages, as long as they fit.</summary>
    private async Task ReadSystemAsync(CancellationToken cancellationToken)
    {
        var query = new MessageQuery
        {
            Before = head.LastSequence + 1,
            Limit = LargestPage,
            Role = MessageRoles.System,
            Order = MessageOrder.Descending,
        };
        WindowSize size = default;
        for (long? before = query.Before; before is not null;)
        {
            ConversationPage page = await conversation.GetShownMessagesAsync(query with { Before = before }, cancellationToken);
            foreach (ConversationMessage message in page.Messages)
            {
                WindowItem item = Measure(message);
                size += item.SaysSomething ? item.Size : default;
                if (!window.Budget.Holds(size))
                {
                    throw new WindowTooSmallException(size.Messages, size.Tokens, size.Bytes);
                }

                _system.Add(message);
                _systemItems.Add(item);
            }

            before = page.Next;
        }
    }

    private WindowItem Measure(ConversationMessage message) => WindowItem.Of(message.Message, window.CountTokens);
}
