using System.ComponentModel.DataAnnotations;
using Microsoft.Agents.AI;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using OrleansMemory.Client.Memories;
using OrleansMemory.Conversations;
using OrleansMemory.Memories;

namespace OrleansMemory.Client.AgentFramework;

/// <summary>
/// Gives a model the long-term memories that belong to what a run is about, and records what was said: what is learnt in one session is
/// known in every other one of the same scope. Needs no model of its own.
/// </summary>
/// <remarks>
/// <para>The question is what the input says, its messages joined line by line. Memories of the conversation that the session is bound to
/// are left out: its history has them. Recorded are the messages of user, assistant and system, input and answer, that say something, once
/// the history is durable; of a run that failed nothing. A run that has a turn id is recorded once, however often it is made. What was
/// recorded from a conversation is deleted with it.</para>
/// <para>Memories were written by users and models. They are given to the model as quotations between marks (<see cref="MemoryFence"/>),
/// and are kept until they are deleted or expire, neither redacted nor encrypted. An instance holds nothing of a session and may be
/// shared.</para>
/// </remarks>
public sealed class LongTermMemoryProvider : AIContextProvider
{
    private readonly ConversationClient _client;
    private readonly Func<AgentSession?, MemoryScope?> _scope;
    private readonly LongTermMemoryProviderOptions _settings;
    private readonly ILogger _logger;

    /// <summary>Makes a provider whose memories depend on the session.</summary>
    /// <param name="client">Where the memories are.</param>
    /// <param name="scope">
    /// Whose memories a session's runs have, by what the session's state says; <see langword="null"/> for none. The answer must not come
    /// from what a model or an unknown caller says: it decides who sees what.
    /// </param>
    /// <param name="options">How they are given; <see langword="null"/> takes the defaults.</param>
    /// <param name="logger">Where failures are logged by their types; <see langword="null"/> logs none.</param>
    /// <exception cref="ValidationException">An option is out of its range.</exception>
    public LongTermMemoryProvider(
        ConversationClient client,
        Func<AgentSession?, MemoryScope?> scope,
        LongTermMemoryProviderOptions? options = null,
        ILogger<LongTermMemoryProvider>? logger = null
    )
    {
        ArgumentNullException.ThrowIfNull(client);
        ArgumentNullException.ThrowIfNull(scope);
        _settings = options?.Copy() ?? new LongTermMemoryProviderOptions();
        Validator.ValidateObject(_settings, new ValidationContext(_settings), validateAllProperties: true);
        _client = client;
        _scope = scope;
        _logger = logger ?? NullLogger<LongTermMemoryProvider>.Instance;
    }

    /// <summary>Makes a provider of one scope's memories, such as a user's.</summary>
    /// <param name="client">Where the memories are.</param>
    /// <param name="scope">Whose memories.</param>
    /// <param name="options">How they are given; <see langword="null"/> takes the defaults.</param>
    /// <param name="logger">Where failures are logged by their types; <see langword="null"/> logs none.</param>
    /// <exception cref="ValidationException">An option is out of its range.</exception>
    public LongTermMemoryProvider(
        ConversationClient client,
        MemoryScope scope,
        LongTermMemoryProviderOptions? options = null,
        ILogger<LongTermMemoryProvider>? logger = null
    )
        : this(client, _ => scope, options, logger) => ArgumentNullException.ThrowIfNull(scope);

    /// <summary>Nothing is kept in sessions, so several of these providers can serve one agent.</summary>
    public override IReadOnlyList<string> StateKeys => [];

    /// <inheritdoc />
    protected override async ValueTask<AIContext> ProvideAIContextAsync(
        InvokingContext context,
        CancellationToken cancellationToken = default
    )
    {
        ArgumentNullException.ThrowIfNull(context);
        if (Open(context.Session) is not { } memories)
        {
            return new AIContext();
        }

        string? own = ConversationOf(context.Session, memories.Scope.Tenant)?.Id;
        AIContext given = _settings.Mode.HasFlag(LongTermMemoryMode.Context)
            ? Say(await RecallAsync(memories, context.AIContext.Messages ?? [], own, cancellationToken))
            : new AIContext();
        if (_settings.Mode.HasFlag(LongTermMemoryMode.Tools))
        {
            given.Tools = memories.AsTools(_settings.Limit, _settings.MinScore, own);
        }

        return given;
    }

    /// <inheritdoc />
    protected override async ValueTask StoreAIContextAsync(InvokedContext context, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(context);
        ChatMessage[] input = [.. context.RequestMessages];
        if (
            !_settings.RecordsRuns
            || MemoryMessages.ToRequest(input.Concat(context.ResponseMessages ?? []), metadata: null) is not { } said
            || Open(context.Session) is not { } memories
        )
        {
            return;
        }

        ConversationKey? conversation = ConversationOf(context.Session, memories.Scope.Tenant);
        string? turnId = AgentTurnId.Of(AIAgent.CurrentRunContext?.RunOptions, input);
        bool isNamed = turnId is not null && conversation is not null;
        RecordRequest request = said with
        {
            Key = isNamed ? RunKey.Of(conversation!.Value.ToString(), turnId!) : null,
            Fingerprint = isNamed ? RunKey.FingerprintOf(input) : null,
            ConversationId = conversation?.Id,
            TimeToLive = _settings.TimeToLive,
        };
        try
        {
            await memories.RecordAsync(request, cancellationToken);
        }
        catch (Exception failure) when (IsSkipped(failure, cancellationToken))
        {
            LongTermMemoryLog.RecordFailed(_logger, failure.GetType().Name);
        }
    }

    private ScopedMemories? Open(AgentSession? session) => _scope(session) is { } scope ? _client.Memories(scope) : null;

    /// <summary>The conversation of a session, where it is of the memories' tenant.</summary>
    private static ConversationKey? ConversationOf(AgentSession? session, string tenant) =>
        session?.FindConversation(tenant) is { } key && string.Equals(key.Tenant, tenant, StringComparison.Ordinal) ? key : null;

    private async Task<RecallResult?> RecallAsync(
        ScopedMemories memories,
        IEnumerable<ChatMessage> input,
        string? own,
        CancellationToken cancellationToken
    )
    {
        string said = string.Join(
            '\n',
            input.Select(message => MemoryMessages.Clean(message.Text)).Where(text => !string.IsNullOrWhiteSpace(text))
        );
        if (MemoryMessages.ToQuery(said) is not { } query)
        {
            return null;
        }

        try
        {
            var request = new RecallRequest
            {
                Query = query,
                Limit = _settings.Limit,
                MinScore = _settings.MinScore,
                Kind = _settings.Kind,
                ExceptConversation = own,
            };
            return await memories.RecallAsync(request, cancellationToken);
        }
        catch (Exception failure) when (IsSkipped(failure, cancellationToken))
        {
            LongTermMemoryLog.RecallFailed(_logger, failure.GetType().Name);
            return null;
        }
    }

    private AIContext Say(RecallResult? result)
    {
        if (result is null || result.Memories.IsEmpty)
        {
            return new AIContext();
        }

        string text = result.ToPrompt(_settings.ContextPrompt);
        return _settings.Channel == LongTermMemoryChannel.Instructions
            ? new AIContext { Instructions = text }
            : new AIContext { Messages = [new ChatMessage(ChatRole.User, text)] };
    }

    private bool IsSkipped(Exception failure, CancellationToken cancellationToken) =>
        _settings.FailureHandling == MemoryFailureHandling.Skip
        && !(failure is OperationCanceledException && cancellationToken.IsCancellationRequested);
}
