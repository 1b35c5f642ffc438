using System.Collections.Immutable;
using System.ComponentModel.DataAnnotations;
using System.Text.Json;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using OrleansMemory.Client.Agents.Errors;
using OrleansMemory.Client.Memories;
using OrleansMemory.Conversations;
using OrleansMemory.Errors;
using OrleansMemory.Memories;

namespace OrleansMemory.Client.Agents;

/// <summary>
/// Gives a model the long-term memories that belong to what a run is about, and records what was said: what one thread learns every other one with the same names
/// knows. Needs no model of its own.
/// </summary>
/// <remarks>
/// <para>In the role of Agent Framework's <c>Mem0Provider</c> and <c>RedisProvider</c>. The question is what the input says, its messages joined line by line.
/// Recorded are the messages of user, assistant and system, input and response, that say something; of a run that failed nothing. A run that has a turn id is
/// recorded once, however often it is made; memories from a thread that is a conversation of the same tenant are deleted with it.</para>
/// <para>Memories were written by users and models. They are given to the model as quotations between marks (<see cref="MemoryFence"/>), and are kept until they
/// are deleted or expire, neither redacted nor encrypted. An instance may be shared, unless it is bound to one thread.</para>
/// </remarks>
public sealed class MemoryContextProvider : ContextProvider
{
    private const string ApplicationProperty = "application_id";

    private readonly ConversationClient _client;
    private readonly MemoryContextProviderOptions _settings;
    private readonly ScopedMemories? _memories;
    private readonly string? _metadata;
    private readonly ImmutableArray<MetadataMatch> _conditions;
    private readonly ILogger _logger;
    private string? _threadId;

    /// <summary>Makes a provider.</summary>
    /// <param name="client">Where the memories are.</param>
    /// <param name="options">Whose memories, and how they are given.</param>
    /// <param name="logger">Where failures are logged by their types; <see langword="null"/> logs none.</param>
    /// <exception cref="AgentInitializationException">Neither an agent nor a user, application or thread is named.</exception>
    /// <exception cref="ArgumentException">An option is out of its range.</exception>
    /// <exception cref="InvalidRequestException">An id or the tenant is not valid.</exception>
    public MemoryContextProvider(ConversationClient client, MemoryContextProviderOptions options, ILogger<MemoryContextProvider>? logger = null)
    {
        ArgumentNullException.ThrowIfNull(client);
        ArgumentNullException.ThrowIfNull(options);
        if (new[] { options.AgentId, options.UserId, options.ApplicationId, options.ThreadId }.All(string.IsNullOrEmpty))
        {
            throw new AgentInitializationException("At least one of the filters: agent_id, user_id, application_id, or thread_id is required.");
        }

        Validate(options);
        _client = client;
        _settings = options.Copy();
        _logger = logger ?? NullLogger<MemoryContextProvider>.Instance;
        _metadata = _settings.ApplicationId is { } application
            ? JsonSerializer.Serialize(new Dictionary<string, string>(StringComparer.Ordinal) { [ApplicationProperty] = application })
            : null;
        _conditions = _settings.ApplicationId is null ? [] : [new MetadataMatch { Name = ApplicationProperty, Value = _settings.ApplicationId }];

        // Also where the thread is yet to come: names that are not valid are refused here.
        ScopedMemories memories = Open(_settings.ScopeToPerOperationThreadId ? "any" : _settings.ThreadId);
        _memories = _settings.ScopeToPerOperationThreadId ? null : memories;
    }

    /// <inheritdoc />
    /// <exception cref="AgentExecutionException">The provider is bound to another thread.</exception>
    public override ValueTask ThreadCreatedAsync(string? threadId, CancellationToken cancellationToken = default)
    {
        Bind(threadId);
        return ValueTask.CompletedTask;
    }

    /// <inheritdoc />
    /// <exception cref="AgentExecutionException">The provider is bound to another thread.</exception>
    public override async ValueTask<Context> InvokingAsync(IReadOnlyList<ChatMessage> messages, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(messages);

        // A thread that is not settled yet is a new one: it has no memories of its own.
        string? query = MemoryMessages.ToQuery(string.Join('\n', messages.Select(message => MemoryMessages.Clean(message.Text)).Where(text => !string.IsNullOrWhiteSpace(text))));
        if (Find() is not { } memories || query is null)
        {
            return Context.Empty;
        }

        try
        {
            var request = new RecallRequest { Query = query, Limit = _settings.Limit, Kind = _settings.Kind, Metadata = _conditions };
            RecallResult result = await memories.RecallAsync(request, cancellationToken);
            return result.Memories.IsEmpty ? Context.Empty : Say(result);
        }
        catch (Exception failure) when (IsSkipped(failure, cancellationToken))
        {
            MemoryProviderLog.RecallFailed(_logger, failure.GetType().Name);
            return Context.Empty;
        }
    }

    /// <inheritdoc />
    /// <exception cref="AgentExecutionException">The provider is to be bound to a thread, and none is known.</exception>
    public override async ValueTask InvokedAsync(
        IReadOnlyList<ChatMessage> requestMessages,
        IReadOnlyList<ChatMessage>? responseMessages,
        Exception? invokeException,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(requestMessages);
        NewMemory[] said = invokeException is null && _settings.RecordsRuns ? [.. requestMessages.Concat(responseMessages ?? []).Select(ToMemory).OfType<NewMemory>()] : [];
        if (said.Length == 0)
        {
            return;
        }

        ScopedMemories memories = Find() ?? throw new AgentExecutionException(
            "No thread is known. With ScopeToPerOperationThreadId the provider must be told of the thread by ThreadCreatedAsync, or be called by an agent.");
        try
        {
            await memories.RecordAsync(ToRequest(said, memories.Scope.Tenant), cancellationToken);
        }
        catch (Exception failure) when (IsSkipped(failure, cancellationToken))
        {
            MemoryProviderLog.RecordFailed(_logger, failure.GetType().Name);
        }
    }

    private RecordRequest ToRequest(NewMemory[] said, string tenant)
    {
        RunIdentity? run = RunIdentity.Current;
        return new RecordRequest
        {
            Memories = [.. said],
            Key = run?.TurnId is null ? null : RunKey.Of(run, _settings.ApplicationId),
            ConversationId = run?.Conversation is { } conversation && string.Equals(conversation.Tenant, tenant, StringComparison.Ordinal) ? conversation.Id : null,
            TimeToLive = _settings.TimeToLive,
        };
    }

    private NewMemory? ToMemory(ChatMessage message) =>
        message.Role == ChatRole.User || message.Role == ChatRole.Assistant || message.Role == ChatRole.System
            ? MemoryMessages.Clean(MemoryMessages.ToMemory(message, _metadata))
            : null;

    private Context Say(RecallResult result)
    {
        string text = string.Join(
            '\n', _settings.ContextPrompt, MemoryFence.Notice, MemoryFence.Enclose("memories", result.Memories.Select(recalled => MemoryMessages.Describe(recalled.Memory))));
        return _settings.Channel == MemoryChannel.Instructions
            ? new Context { Instructions = text }
            : new Context { Messages = [new ChatMessage(ChatRole.User, text)] };
    }

    private ScopedMemories? Find()
    {
        Bind(RunIdentity.Current?.ThreadId);
        return _memories ?? (_threadId is { } threadId ? Open(threadId) : null);
    }

    private void Bind(string? threadId)
    {
        if (_settings.ScopeToPerOperationThreadId && !string.IsNullOrEmpty(threadId)
            && Interlocked.CompareExchange(ref _threadId, threadId, null) is { } bound && !string.Equals(bound, threadId, StringComparison.Ordinal))
        {
            throw new AgentExecutionException(
                $"{nameof(MemoryContextProvider)} can only be used with one thread at a time when scope_to_per_operation_thread_id is True.");
        }
    }

    private ScopedMemories Open(string? session)
    {
        bool isApplicationAlone = _settings.AgentId is null && _settings.UserId is null && session is null;
        return _client.Memories(isApplicationAlone ? $"application:{_settings.ApplicationId}" : _settings.AgentId, _settings.UserId, session, _settings.Tenant);
    }

    private bool IsSkipped(Exception failure, CancellationToken cancellationToken) =>
        _settings.FailureHandling == MemoryFailureHandling.Skip && !(failure is OperationCanceledException && cancellationToken.IsCancellationRequested);

    private static void Validate(MemoryContextProviderOptions options)
    {
        var failures = new List<ValidationResult>();
        if (!Validator.TryValidateObject(options, new ValidationContext(options), failures, validateAllProperties: true))
        {
            throw new ArgumentException(string.Join(' ', failures.Select(failure => failure.ErrorMessage)), nameof(options));
        }
    }
}
