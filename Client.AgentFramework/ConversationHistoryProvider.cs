using System.ComponentModel.DataAnnotations;
using System.Runtime.CompilerServices;
using Microsoft.Agents.AI;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using OrleansMemory.Client.Errors;
using OrleansMemory.Client.Runs;
using OrleansMemory.Conversations;
using OrleansMemory.Errors;

namespace OrleansMemory.Client.AgentFramework;

/// <summary>
/// Keeps the history of an agent's sessions in conversations: durable, and shared with every other API that works on them. One run is one
/// turn: input, calls, results and answer are committed together when the run has ended, and a run that fails stores nothing.
/// </summary>
/// <remarks>
/// <para>A session is bound to its conversation by <see cref="ConversationSessionExtensions.UseConversation(AgentSession, string)"/>; one
/// that is bound to none gets a conversation of its own in its first run. A run without a session is kept nowhere.</para>
/// <para>A run is named by <see cref="AgentRunOptionsExtensions.WithTurnId"/>, else by the ids of its messages where all of them have one.
/// A run that comes again under its name is stored once, and sees the history as it was before; but the framework asks the model all the
/// same, because a provider of history cannot answer for it. <see cref="DurableRunsExtensions.WithDurableRuns"/> gives the stored answer
/// instead.</para>
/// <para>What other providers add to a request is neither stored nor counted in the window: they are asked after this one. With
/// <see cref="ChatClientAgentOptions.RequirePerServiceCallChatHistoryPersistence"/> each call of the model is a turn of its own, and a run
/// several.</para>
/// <para>Everything that is said is kept until it is truncated, deleted or expires. History was written by users, models and tools: to a
/// model it is as untrusted as input. An instance may serve many agents and sessions at once.</para>
/// </remarks>
public sealed class ConversationHistoryProvider : ChatHistoryProvider
{
    private static readonly string[] Keys = [ConversationSessionExtensions.StateKey];

    private readonly ConditionalWeakTable<AgentRunContext, RunSession> _runs = [];
    private readonly ConditionalWeakTable<AgentSession, object> _unkept = [];
    private readonly RunServices _services;
    private readonly string? _tenant;

    /// <summary>Makes a provider.</summary>
    /// <param name="client">Where the conversations are.</param>
    /// <param name="options">What it gives and stores; <see langword="null"/> takes the defaults.</param>
    /// <param name="logger">Where failures beside the run are logged, by their types; <see langword="null"/> logs none.</param>
    /// <exception cref="ArgumentException">An option is out of its range.</exception>
    /// <exception cref="InvalidRequestException">The tenant is not valid.</exception>
    public ConversationHistoryProvider(
        ConversationClient client,
        ConversationHistoryProviderOptions? options = null,
        ILogger<ConversationHistoryProvider>? logger = null
    )
    {
        ArgumentNullException.ThrowIfNull(client);
        options ??= new ConversationHistoryProviderOptions();
        Validator.ValidateObject(options, new ValidationContext(options), validateAllProperties: true);
        if (options.Tenant is not null)
        {
            ConversationKey.CheckTenant(options.Tenant);
        }

        _tenant = options.Tenant;
        _services = new RunServices(
            client,
            options.Window,
            IsStored: null,
            options.NewConversation,
            StoredOnFailure.Nothing,
            RequireUnchangedLog: false,
            Summaries: null,
            options.AnswerChanged,
            StagingRefused: null,
            logger ?? NullLogger<ConversationHistoryProvider>.Instance
        );
    }

    /// <inheritdoc />
    public override IReadOnlyList<string> StateKeys => Keys;

    /// <summary>What its runs share.</summary>
    internal RunServices Services => _services;

    /// <summary>The conversation of a session.</summary>
    /// <param name="session">The session.</param>
    /// <returns>The conversation; <see langword="null"/> when the session is bound to none, and has not run yet.</returns>
    /// <exception cref="InvalidOperationException">The session names a conversation of another tenant than the provider's.</exception>
    public Conversation? FindConversation(AgentSession session)
    {
        ArgumentNullException.ThrowIfNull(session);
        if (session.FindConversation(_tenant ?? _services.Client.DefaultTenant) is not { } key)
        {
            return null;
        }

        return _tenant is null || string.Equals(key.Tenant, _tenant, StringComparison.Ordinal)
            ? _services.Client.Get(key)
            : throw new InvalidOperationException("The session names a conversation of another tenant than its provider's.");
    }

    /// <summary>The conversation of a session, which is given one where it has none.</summary>
    internal Conversation Open(AgentSession session)
    {
        Conversation conversation =
            FindConversation(session)
            ?? _services.Client.Get(_tenant ?? _services.Client.DefaultTenant, $"conversation_{Guid.NewGuid():N}");
        session.SetConversation(conversation.Key);
        return conversation;
    }

    /// <inheritdoc />
    /// <exception cref="TurnConflictException">The turn id was committed before with another input.</exception>
    /// <exception cref="RunNotReplayableException">The turn id was committed before, and its messages have been dropped since.</exception>
    /// <exception cref="WindowTooSmallException">The system messages alone do not fit into the window.</exception>
    /// <exception cref="PayloadTooLargeException">The input is more than a turn may hold.</exception>
    protected override async ValueTask<IEnumerable<ChatMessage>> InvokingCoreAsync(
        InvokingContext context,
        CancellationToken cancellationToken = default
    )
    {
        ArgumentNullException.ThrowIfNull(context);
        ChatMessage[] given = [.. context.RequestMessages];
        AgentRunContext? run = AIAgent.CurrentRunContext;
        if (context.Session is not { } session)
        {
            return given;
        }

        if (run is { Session: null })
        {
            // The agent has made the session for this run alone: no one will name it again.
            _unkept.AddOrUpdate(session, this);
            return given;
        }

        ChatMessage[] added = [.. given.Where(message => !AgentTurnId.IsInput(message))];
        RunSession kept = Make(session, run, given, added);
        _ = await kept.FindCommittedAsync(cancellationToken);
        IReadOnlyList<(ChatMessage Message, bool IsStored)> sent = await kept.LoadHistoryAsync(cancellationToken);
        if (run is not null)
        {
            _runs.AddOrUpdate(run, kept);
        }

        return [.. sent.Select(message => message.IsStored ? Mark(message.Message) : message.Message), .. added];
    }

    /// <inheritdoc />
    /// <exception cref="ConversationNotFoundException">The conversation was deleted, or has expired, during the run.</exception>
    protected override async ValueTask InvokedCoreAsync(InvokedContext context, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(context);
        if (context.Session is not { } session || _unkept.TryGetValue(session, out _))
        {
            return;
        }

        AgentRunContext? run = AIAgent.CurrentRunContext;
        RunSession? kept = null;
        if (run is not null && _runs.TryGetValue(run, out kept))
        {
            _runs.Remove(run);
        }

        if (context.InvokeException is { } failure)
        {
            await (kept?.GiveUpAsync(failure, []) ?? Task.CompletedTask);
            return;
        }

        if (kept is null)
        {
            // A poll of an answer that is made in the background was not announced.
            kept = Make(session, run, context.RequestMessages, []);
            _ = await kept.FindCommittedAsync(cancellationToken);
            _ = await kept.LoadHistoryAsync(cancellationToken);
        }

        ChatMessage[] answer = [.. context.ResponseMessages ?? []];
        if (!kept.IsRepeated)
        {
            _ = await kept.CommitAsync(new ChatResponse([.. answer]), cancellationToken);
            kept.Know(answer);
        }

        if (kept.IsRepeated || kept.WasCommittedBefore)
        {
            DurableRun.Current?.Lose();
        }
    }

    private static ChatMessage Mark(ChatMessage message) =>
        message.WithAgentRequestMessageSource(AgentRequestMessageSourceType.ChatHistory, typeof(ConversationHistoryProvider).FullName);

    private RunSession Make(AgentSession session, AgentRunContext? run, IEnumerable<ChatMessage> messages, IReadOnlyList<ChatMessage> added)
    {
        IReadOnlyList<ChatMessage> input = AgentTurnId.InputOf(messages);
        return RunSession.OfAgent(_services, Open(session), input, added, AgentTurnId.Of(run?.RunOptions, input));
    }
}
