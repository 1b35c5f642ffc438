using Microsoft.Extensions.AI;
using OrleansMemory.Client.Errors;
using OrleansMemory.Conversations;

namespace OrleansMemory.Client.Windows;

/// <summary>
/// Reads a log backwards, page by page, until the window is full, and the system messages before that by a query of their own. What is read
/// does not depend on the log's
/// length, and the window is the one that the whole log would give.
/// </summary>
/// <param name="conversation">Whose log.</param>
/// <param name="window">The window.</param>
/// <param name="head">Up to where to read: what is appended later is no part of it.</param>
internal sealed class WindowLoading(Conversation conversation, ConversationWindow window, Head head)
{
    // Small conversations and small windows are read in one page that an activation holds in memory.
    private const int FirstPage = 256;
    private const int LargestPage = 1_000;

    // How much further back than the window the newest user message, and the call of a result that every window has, are looked for.
    private const int FurtherSearch = 1_000;

    private readonly List<ConversationMessage> _read = [];
    private readonly List<WindowItem> _items = [];
    private readonly List<ConversationMessage> _system = [];
    private readonly List<WindowItem> _systemItems = [];
    private bool _whole;
    private WindowPlan? _plan;

    /// <summary>What has been read, newest first.</summary>
    public IReadOnlyList<ConversationMessage> Read => _read;

    /// <summary>The system messages that have been read by their query, newest first.</summary>
    public IReadOnlyList<ConversationMessage> System => _system;

    private long Oldest => _read.Count == 0 ? head.LastSequence + 1 : _read[^1].Sequence;

    /// <summary>Reads the newest page, and the system messages where one page is not all.</summary>
    /// <param name="cancellationToken">Ends the reading.</param>
    /// <returns>A task that ends when it is read.</returns>
    public async Task BeginAsync(CancellationToken cancellationToken)
    {
        int first = (int)Math.Clamp(window.Budget.Messages ?? FirstPage, 16, LargestPage);
        if (head.MessageCount <= first)
        {
            await ReadPageAsync(first, cancellationToken);
        }
        else
        {
            await Task.WhenAll(ReadPageAsync(first, cancellationToken), ReadSystemAsync(cancellationToken));
        }
    }

    /// <summary>Reads on until the window is decided.</summary>
    /// <param name="input">The messages that come after the log and are in every window.</param>
    /// <param name="reserved">What else must fit.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    /// <returns>The window.</returns>
    /// <exception cref="WindowTooSmallException">The system messages alone do not fit.</exception>
    public async Task<LoadedWindow> DecideAsync(IReadOnlyList<ChatMessage> input, WindowSize reserved, CancellationToken cancellationToken)
    {
        WindowItem[] inputItems = [.. input.Select(message => WindowItem.Of(message, window.CountTokens))];
        int searched = 0;
        while (true)
        {
            LoadedWindow loaded = Plan(inputItems, reserved);
            bool decided = _plan!.IsFull && ((_plan.HasUser && !_plan.LacksCall) || searched >= FurtherSearch);
            if (_whole || decided)
            {
                return loaded;
            }

            int before = _read.Count;
            await ReadPageAsync(LargestPage, cancellationToken);
            searched += _plan.IsFull ? _read.Count - before : 0;
        }
    }

    private LoadedWindow Plan(WindowItem[] input, WindowSize reserved)
    {
        int older = _system.TakeWhile(message => message.Sequence >= Oldest).Count();
        WindowItem[] items = [.. _systemItems.Skip(older).Reverse(), .. Enumerable.Reverse(_items), .. input];
        int stored = items.Length - input.Length;
        _plan = WindowPlan.Make(items, stored, window.Budget, reserved);
        ConversationMessage[] messages = [.. _system.Skip(older).Reverse(), .. Enumerable.Reverse(_read)];
        long start = _plan.Start < stored ? messages[_plan.Start].Sequence : head.LastSequence + 1;
        return new LoadedWindow([.. messages.Where((_, i) => _plan.Keeps(i))], start, _plan.IsFull);
    }

    private async Task ReadPageAsync(int limit, CancellationToken cancellationToken)
    {
        var query = new MessageQuery { Before = Oldest, Limit = limit, Order = MessageOrder.Descending };
        ConversationPage page = await conversation.GetMessagesAsync(query, cancellationToken);
        _whole = page.Next is null;
        _read.AddRange(page.Messages);
        _items.AddRange(page.Messages.Select(Measure));
    }

    /// <summary>Reads all system messages, as long as they fit.</summary>
    private async Task ReadSystemAsync(CancellationToken cancellationToken)
    {
        var query = new MessageQuery { Before = head.LastSequence + 1, Limit = LargestPage, Role = MessageRoles.System, Order = MessageOrder.Descending };
        WindowSize size = default;
        for (long? before = query.Before; before is not null;)
        {
            ConversationPage page = await conversation.GetMessagesAsync(query with { Before = before }, cancellationToken);
            foreach (ConversationMessage message in page.Messages)
            {
                WindowItem item = Measure(message);
                size += item.Size;
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
