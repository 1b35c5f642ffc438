using System.Collections.Immutable;
using Microsoft.Extensions.AI;
using OrleansMemory.Client.Summaries;
using OrleansMemory.Client.Windows;
using OrleansMemory.Conversations;
using OrleansMemory.Errors;

namespace OrleansMemory.Client.Runs;

/// <summary>One run from its start to its end: what it reads, what the model is asked, and what it commits.</summary>
internal sealed partial class RunSession
{
    private readonly RunServices _services;
    private readonly Conversation _conversation;
    private readonly IReadOnlyList<ChatMessage> _given;
    private readonly IReadOnlyList<ChatMessage> _context;
    private readonly ChatOptions? _options;
    private readonly bool _hasTurnId;
    private IReadOnlyList<ChatMessage> _input;
    private ImmutableArray<NewMessage> _stored = [];
    private LoadedWindow _window = LoadedWindow.Of([]);
    private readonly List<AnswerChange> _changes = [];
    private TurnLimits? _limits;
    private AnswerIds? _ids;

    public RunSession(RunServices services, Conversation conversation, IReadOnlyList<ChatMessage> messages, ChatOptions? options)
        : this(services, conversation, Split(services, messages), options) { }

    private RunSession(
        RunServices services,
        Conversation conversation,
        (IReadOnlyList<ChatMessage> Input, IReadOnlyList<ChatMessage> Context) messages,
        ChatOptions? options
    )
        : this(services, conversation, messages, options, RunTurnId.Of(options, messages.Input)) { }

    private RunSession(
        RunServices services,
        Conversation conversation,
        (IReadOnlyList<ChatMessage> Input, IReadOnlyList<ChatMessage> Context) messages,
        ChatOptions? options,
        string? turnId
    )
    {
        _services = services;
        _conversation = conversation;
        (_given, _context) = messages;
        _input = _given;
        _options = options;
        _hasTurnId = turnId is not null;
        Run = new ConversationRun(
            conversation,
            turnId ?? OrleansMemory.Client.Conversation.NewTurnId(),
            turnId is null ? null : new ToolJournal(conversation, turnId, services)
        )
        {
            Loop = ToolLoop.Of(conversation.Key),
        };
    }

    /// <summary>What inner clients, providers and tools see of it.</summary>
    public ConversationRun Run { get; }

    /// <summary>The conversation's id, which the response carries.</summary>
    public string ConversationId => _conversation.Key.Id;

    /// <summary>Reads the window.</summary>
    /// <returns>What the model is asked.</returns>
    public async Task<RunRequest> PrepareAsync(CancellationToken cancellationToken)
    {
        Run.Enter();
        (IEnumerable<ChatMessage> history, ImmutableArray<ChatMessage> added) = await LoadAsync(cancellationToken);
        Run.Journal?.Offer([.. _options?.Tools ?? []]);

        // What the input answers stands directly before it, behind the context.
        IReadOnlyList<ChatMessage> messages = added.IsEmpty
            ? [.. history, .. _window.Asked]
            : AddedMessages.Between(history, added, _window.Awaiting.Select(message => message.Message), _input);
        return new RunRequest(messages, RunRequest.OptionsFor(_options));
    }

    private static (IReadOnlyList<ChatMessage> Input, IReadOnlyList<ChatMessage> Context) Split(
        RunServices services,
        IReadOnlyList<ChatMessage> messages
    ) =>
        services.IsStored is { } isStored
            ? ([.. messages.Where(isStored)], [.. messages.Where(message => !isStored(message))])
            : (messages, []);

    private async Task<(IEnumerable<ChatMessage> History, ImmutableArray<ChatMessage> Added)> LoadAsync(CancellationToken cancellationToken)
    {
        WindowLoading? loading = await PrepareInputAsync(cancellationToken);
        ImmutableArray<ChatMessage> added = AddedMessages.Of([.. _context]);
        if (loading is null)
        {
            RequireUser();
            _window = LoadedWindow.Of(_input);
            return ([], added);
        }

        IEnumerable<ChatMessage> history = await HistoryAsync(Run.Head!, loading, Size(added), cancellationToken);
        RequireUninterrupted(Run.Head!);
        return (history, added);
    }

    /// <summary>Refuses, before the model is paid, to begin a conversation without a user where its tenant requires one.</summary>
    private void RequireUser()
    {
        if (_limits is { RequiresUser: true } && _services.NewConversation?.UserId is null && !Run.NamesUser)
        {
            throw new InvalidRequestException(
                "userId",
                "This tenant requires that every conversation names its user. Begin the conversation with its settings, or name the user in the settings of new conversations."
            );
        }
    }

    /// <summary>The ids of the answer's messages.</summary>
    public AnswerIds Ids => _ids ?? throw new InvalidOperationException("The run has not been prepared.");

    /// <summary>
    /// Reads the newest part of the log, and decides what of the input is new. What cannot be stored is refused before a model is paid.
    /// </summary>
    /// <returns>What was read; <see langword="null"/> when there is no such conversation.</returns>
    private async Task<WindowLoading?> PrepareInputAsync(CancellationToken cancellationToken)
    {
        WindowLoading? loading = null;
        Run.Head = await _conversation.GetHeadAsync(cancellationToken);
        if (Run.Head is { } head)
        {
            // A run that comes again sees the conversation as it was before it.
            Head seen = _committed is { FirstSequence: { } first } committed
                ? head with
                {
                    LastSequence = first - 1,
                    Version = committed.Version,
                }
                : head;
            loading = new WindowLoading(_conversation, _services.Window, seen);
            await loading.BeginAsync(cancellationToken);
            _input = await NewOfAsync(seen, loading, cancellationToken);
        }

        _limits = await _conversation.GetLimitsAsync(cancellationToken);
        _stored = new InputWriting(_services.Client.Format).Write(_input, _limits);
        Run.Allow(_limits, InputWriting.RoomBehind(_limits, _stored).Bytes - InputWriting.Reserved(_limits));
        _ids = new AnswerIds(IdsBefore(loading), _changes);
        return loading;
    }

    private IEnumerable<string> IdsBefore(WindowLoading? loading) =>
        (loading?.Read.Concat(loading.System).Select(stored => stored.Message) ?? [])
            .Concat(_input)
            .Select(message => message.MessageId)
            .OfType<string>();

    private async Task<IReadOnlyList<ChatMessage>> NewOfAsync(Head head, WindowLoading loading, CancellationToken cancellationToken)
    {
        var finder = new NewInput(_services.Client.Kept<StoredMarks>(), new Substance(_services.Client.Format));
        IReadOnlyList<ConversationMessage> reach = await new KnownReach(_conversation, head, finder).ReadAsync(
            loading.Read,
            _given,
            cancellationToken
        );
        return finder.Of(head, reach.Concat(loading.System), _given);
    }

    private async Task<IEnumerable<ChatMessage>> HistoryAsync(
        Head head,
        WindowLoading loading,
        WindowSize reserved,
        CancellationToken cancellationToken
    )
    {
        _window = await loading.DecideAsync(_input, reserved, cancellationToken);
        if (!_window.IsFull || _services.Summaries is null)
        {
            return _window.Messages.Select(message => message.Message);
        }

        List<StoredSummary> summaries =
        [
            .. (await _conversation.GetEntriesAsync(EntrySpaces.Summaries, cancellationToken))
                .Select(StoredSummary.Read)
                .OfType<StoredSummary>(),
        ];
        if (summaries.Count == 0)
        {
            return _window.Messages.Select(message => message.Message);
        }

        // Room is made for the largest one, so that which one is used cannot change what fits.
        WindowSize largest = summaries.Select(summary => Size([summary.ToChatMessage()])).MaxBy(size => size.Tokens);
        _window = await loading.DecideAsync(_input, reserved + largest, cancellationToken);
        ChatMessage? told = StoredSummary.Newest(summaries, head.FirstSequence, _window.Start)?.ToChatMessage();
        IEnumerable<ChatMessage> window = _window.Messages.Select(message => message.Message);
        return told is null ? window : [.. window.Take(_window.Older), told, .. window.Skip(_window.Older)];
    }

    /// <summary>
    /// An outside function loop makes one run of several calls, each with a turn of its own: a message that came while a tool worked came
    /// during the run.
    /// </summary>
    private void RequireUninterrupted(Head head)
    {
        if (_services.RequireUnchangedLog && _window.IsInterrupted)
        {
            // The version that the loop began with is not known any more; it is an earlier one.
            throw new VersionConflictException(head.Version - 1, head.Version);
        }
    }

    private WindowSize Size(IEnumerable<ChatMessage> messages) =>
        messages.Aggregate(default(WindowSize), (size, message) => size + MessageMeasure.Of(message, _services.Window.CountTokens));
}
