using System.ComponentModel.DataAnnotations;
using System.Runtime.CompilerServices;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using OrleansMemory.Client.Errors;
using OrleansMemory.Client.Summaries;
using OrleansMemory.Errors;

namespace OrleansMemory.Client.Runs;

/// <summary>
/// A chat client with a memory. A run loads the window of a conversation, calls the inner client, and commits
/// the input, the response and all
/// that was staged on <see cref="ConversationRun"/> as one turn. A run that fails stores nothing.
/// </summary>
/// <remarks>
/// <para><see cref="ChatOptions.ConversationId"/> names the conversation, and the response carries it, so that callers, function-invoking
/// clients among them, send only what is new.
/// What they send again all the same is not stored again. The inner client is told no conversation: it gets the history.</para>
/// <para>A run whose turn id (<see cref="TurnIdProperty"/>) was committed before calls no model: it returns the stored
/// response. Usage and the like are not stored. Of two
/// runs at once under one turn id one is stored; the other returns the stored response, or, where it has streamed another one already, ends
/// with
/// <see cref="TurnConflictException"/>.</para>
/// <para>Where a service answers in the background (<see cref="ChatOptions.AllowBackgroundResponses"/>), nothing is stored while the
/// response has a continuation token. A call with that token goes to the inner client as it is, without the history; the call that gets the
/// rest commits the turn. The run's input is remembered in this process, for the 256 runs that began last; a call whose run is not known
/// commits the response with the messages it brings itself.</para>
/// <para>Everything that is said is kept until it is truncated, deleted or expires. History was written by users, models and tools: to a
/// model it is as untrusted as input.</para>
/// </remarks>
public sealed class ConversationChatClient : DelegatingChatClient
{
    /// <summary>
    /// The name in <see cref="ChatOptions.AdditionalProperties"/> of a run's turn id: a text of 1 to 232 bytes of UTF-8. A call whose
    /// messages end with tool results gets an id
    /// that is derived from it and from the calls they answer.
    /// </summary>
    public const string TurnIdProperty = "OrleansMemory.TurnId";

    private readonly RunServices _services;
    private readonly string? _tenant;
    private readonly string? _conversationId;

    /// <summary>Makes a client.</summary>
    /// <param name="innerClient">What calls the model.</param>
    /// <param name="client">Where the conversations are.</param>
    /// <param name="options">How it runs; they are read once. <see langword="null"/> takes the defaults.</param>
    /// <param name="logger">Where failures beside the run are logged, by their types; <see langword="null"/> logs none.</param>
    /// <param name="time">The clock of summaries; <see langword="null"/> takes the system's.</param>
    /// <exception cref="ArgumentException">An option is out of its range.</exception>
    /// <exception cref="InvalidRequestException">The tenant or the conversation's id is not valid.</exception>
    public ConversationChatClient(
        IChatClient innerClient,
        ConversationClient client,
        ConversationChatClientOptions? options = null,
        ILogger<ConversationChatClient>? logger = null,
        TimeProvider? time = null
    )
        : base(new TracedChatClient(innerClient))
    {
        ArgumentNullException.ThrowIfNull(client);
        options ??= new ConversationChatClientOptions();
        Validate(options);
        logger ??= NullLogger<ConversationChatClient>.Instance;
        SummaryTasks? summaries = options.Summarizer is { } summarizer
            ? new SummaryTasks(new SummaryWriter(summarizer, options.SummarizeAfterMessages, time ?? TimeProvider.System), logger)
            : null;
        _services = new RunServices(
            client,
            options.Window,
            options.IsStored,
            options.NewConversation,
            options.StoredOnFailure,
            options.RequireUnchangedLog,
            summaries,
            options.AnswerChanged,
            options.StagingRefused,
            logger
        );
        _tenant = options.Tenant;
        _conversationId = options.ConversationId;
        _ = Find(_conversationId ?? "any");
    }

    /// <summary>What its runs share.</summary>
    internal RunServices Services => _services;

    /// <summary>Runs.</summary>
    /// <param name="messages">The input.</param>
    /// <param name="options">The options of the run.</param>
    /// <param name="cancellationToken">Ends the run; before its turn is on its way nothing is stored.</param>
    /// <returns>The response, when it is durable.</returns>
    /// <exception cref="InvalidOperationException">No conversation was named.</exception>
    /// <exception cref="TurnConflictException">The turn id was committed before with another input.</exception>
    /// <exception cref="VersionConflictException">The log changed during the run, and <see
    /// cref="ConversationChatClientOptions.RequireUnchangedLog"/> is set.</exception>
    /// <exception cref="PayloadTooLargeException">The input is more than a turn may hold.</exception>
    /// <exception cref="ConversationNotFoundException">The conversation was deleted, or has expired, during the run.</exception>
    /// <exception cref="WindowTooSmallException">The system messages alone do not fit into the window.</exception>
    /// <exception cref="RunNotReplayableException">The turn id was committed before, and its messages have been dropped since.</exception>
    public override async Task<ChatResponse> GetResponseAsync(
        IEnumerable<ChatMessage> messages,
        ChatOptions? options = null,
        CancellationToken cancellationToken = default
    )
    {
        ArgumentNullException.ThrowIfNull(messages);
        if (options?.ContinuationToken is not null)
        {
            return await PollAsync([.. messages], options, cancellationToken);
        }

        RunSession session = Start(messages, options);
        if (await session.FindCommittedAsync(cancellationToken) is { } committed)
        {
            return committed;
        }

        try
        {
            session.Run.Enter();
            if (await session.ClaimAsync(cancellationToken) is { } ended)
            {
                return ended;
            }

            RunRequest request = await session.PrepareAsync(cancellationToken);
            session.BeginAnswer();
            ChatResponse response = await base.GetResponseAsync(request.Messages, request.Options, cancellationToken);
            return await session.EndAsync(response, cancellationToken);
        }
        catch (Exception failure)
        {
            await session.GiveUpAsync(failure, []);
            if (failure is TurnConflictException && await session.FindCommittedAsync(cancellationToken) is { } stored)
            {
                return stored;
            }

            throw;
        }
    }

    /// <summary>Runs, and gives the response as it comes. The turn is durable when the stream has ended.</summary>
    /// <param name="messages">The input.</param>
    /// <param name="options">The options of the run.</param>
    /// <param name="cancellationToken">Ends the run; before its turn is on its way nothing is stored.</param>
    /// <returns>The updates. What is stored of a stream that is not read to its end says <see
    /// cref="ConversationChatClientOptions.StoredOnFailure"/>.</returns>
    /// <exception cref="InvalidOperationException">No conversation was named.</exception>
    /// <exception cref="TurnConflictException">The turn id was committed with another input, or another run of it was stored
    /// first.</exception>
    public override async IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
        IEnumerable<ChatMessage> messages,
        ChatOptions? options = null,
        [EnumeratorCancellation] CancellationToken cancellationToken = default
    )
    {
        ArgumentNullException.ThrowIfNull(messages);
        ChatMessage[] input = [.. messages];
        RunRequest? poll = options?.ContinuationToken is null ? null : RunSession.PollOf(input, options);
        (RunSession session, IReadOnlyList<ChatResponseUpdate> before, ChatResponse? committed) = poll is null
            ? await StartAsync(input, options, cancellationToken)
            : await FindPolledAsync(input, options!, cancellationToken);
        if (committed is not null)
        {
            foreach (ChatResponseUpdate update in committed.ToChatResponseUpdates())
            {
                yield return update;
            }

            yield break;
        }

        var stream = new RunStream(
            session,
            (request, token) => base.GetStreamingResponseAsync(request.Messages, request.Options, token),
            poll,
            before,
            cancellationToken
        );
        await using (stream)
        {
            while (await stream.MoveNextAsync())
            {
                yield return stream.Current;
            }
        }
    }

    /// <summary>Waits for the summaries that are being made, for instance before the process ends.</summary>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>A task that ends when none is being made any more.</returns>
    public Task CompleteSummariesAsync(CancellationToken cancellationToken = default) =>
        _services.Summaries?.CompleteAsync(cancellationToken) ?? Task.CompletedTask;

    /// <inheritdoc />
    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _services.Summaries?.Dispose();
        }

        base.Dispose(disposing);
    }

    private static void Validate(ConversationChatClientOptions options)
    {
        var failures = new List<ValidationResult>();
        if (!Validator.TryValidateObject(options, new ValidationContext(options), failures, validateAllProperties: true))
        {
            throw new ArgumentException(string.Join(' ', failures.Select(failure => failure.ErrorMessage)), nameof(options));
        }
    }

    private RunSession Start(IEnumerable<ChatMessage> messages, ChatOptions? options)
    {
        return new RunSession(_services, RequireConversation(options), [.. messages], options);
    }

    private Conversation RequireConversation(ChatOptions? options) =>
        FindConversation(options)
        ?? throw new InvalidOperationException(
            $"No conversation was named. Set {nameof(ChatOptions)}.{nameof(ChatOptions.ConversationId)}, "
                + $"or {nameof(ConversationChatClientOptions)}.{nameof(ConversationChatClientOptions.ConversationId)} for all runs."
        );

    private async Task<(RunSession Session, IReadOnlyList<ChatResponseUpdate> Before, ChatResponse? Committed)> StartAsync(
        IEnumerable<ChatMessage> messages,
        ChatOptions? options,
        CancellationToken cancellationToken
    )
    {
        RunSession session = Start(messages, options);
        return (session, [], await session.FindCommittedAsync(cancellationToken) ?? await session.ClaimAsync(cancellationToken));
    }

    /// <summary>
    /// Finds the run that a poll asks for, and what had come of its stream; where it is not known, begins one with the poll.
    /// </summary>
    private async Task<(RunSession Session, IReadOnlyList<ChatResponseUpdate> Before, ChatResponse? Committed)> FindPolledAsync(
        IReadOnlyList<ChatMessage> messages,
        ChatOptions options,
        CancellationToken cancellationToken
    )
    {
        Conversation conversation = RequireConversation(options);
        if (_services.Client.Kept<BackgroundRuns>().Find(conversation.Key, options.ContinuationToken!) is { } known)
        {
            return (known.Session, known.Updates, await known.Session.FindEndAsync(cancellationToken));
        }

        RunSession session = RunSession.OfPoll(_services, conversation, messages, options);
        return (session, [], await session.PreparePollAsync(cancellationToken));
    }

    private async Task<ChatResponse> PollAsync(
        IReadOnlyList<ChatMessage> messages,
        ChatOptions options,
        CancellationToken cancellationToken
    )
    {
        (RunSession session, _, ChatResponse? committed) = await FindPolledAsync(messages, options, cancellationToken);
        if (committed is not null)
        {
            return committed;
        }

        session.Run.Enter();
        RunRequest request = RunSession.PollOf(messages, options);
        ChatResponse response = await base.GetResponseAsync(request.Messages, request.Options, cancellationToken);
        return await session.EndAsync(response, cancellationToken);
    }

    /// <summary>The conversation of a run.</summary>
    /// <returns>The conversation; <see langword="null"/> when none is named.</returns>
    internal Conversation? FindConversation(ChatOptions? options) =>
        (options?.ConversationId ?? _conversationId) is { } id ? Find(id) : null;

    private Conversation Find(string id) => _tenant is { } tenant ? _services.Client.Get(tenant, id) : _services.Client.Get(id);
}
