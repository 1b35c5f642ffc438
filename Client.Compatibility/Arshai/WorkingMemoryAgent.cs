using System.Globalization;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace OrleansMemory.Client.Compatibility.Arshai;

/// <summary>
/// Keeps the working memory of conversations up to date: a model writes the new memory from the old one and what was said.
/// </summary>
/// <remarks>
/// Ports Arshai's <c>WorkingMemoryAgent</c>. <see cref="ProcessAsync"/> updates the memory and returns a status, as there;
/// <see cref="AnswerAsync"/> also answers the user from the memory, which is what the original's examples print. Interactions and
/// memories are sent to the model, and what it writes is stored: treat it as untrusted. Interactions of one conversation that run at the
/// same time each start from the memory they find; the last one to end wins.
/// </remarks>
public sealed class WorkingMemoryAgent
{
    private const string Success = "success";
    private const string ConversationIdField = "conversation_id";

    private readonly IChatClient _model;
    private readonly IMemoryManager? _manager;
    private readonly WorkingMemoryAgentOptions _options;
    private readonly ILogger _logger;

    /// <summary>Makes an agent that logs nothing.</summary>
    /// <param name="model">The model that writes memories.</param>
    /// <param name="memoryManager">Where memories are kept; <see langword="null"/> keeps none.</param>
    /// <param name="options">Prompts, history and options of the model; <see langword="null"/> for the defaults.</param>
    public WorkingMemoryAgent(IChatClient model, IMemoryManager? memoryManager = null, WorkingMemoryAgentOptions? options = null)
        : this(model, memoryManager, options ?? new WorkingMemoryAgentOptions(), NullLogger<WorkingMemoryAgent>.Instance) { }

    /// <summary>Makes an agent.</summary>
    /// <param name="model">The model that writes memories.</param>
    /// <param name="memoryManager">Where memories are kept; <see langword="null"/> keeps none.</param>
    /// <param name="options">Prompts, history and options of the model.</param>
    /// <param name="logger">Where failures are logged. Content and ids never are.</param>
    public WorkingMemoryAgent(
        IChatClient model,
        IMemoryManager? memoryManager,
        WorkingMemoryAgentOptions options,
        ILogger<WorkingMemoryAgent> logger
    )
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(logger);
        _model = model;
        _manager = memoryManager;
        _options = options;
        _logger = logger;
    }

    /// <summary>Updates the memory of the conversation that the metadata names with a new interaction. One call of the model.</summary>
    /// <param name="input">The interaction.</param>
    /// <param name="cancellationToken">Ends the update.</param>
    /// <returns>
    /// <c>success</c>; <c>error: no conversation_id provided</c>; <c>error: empty memory response</c> when the model wrote nothing;
    /// <c>error: storage failed - </c> and the failure when it could not be stored; <c>error: </c> and the failure when the model failed.
    /// Without a memory manager it is <c>success</c> too, and a warning is logged.
    /// </returns>
    /// <exception cref="OperationCanceledException">The caller cancelled; every other failure is a status.</exception>
    public async Task<string> ProcessAsync(AgentInput input, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(input);
        if (FindConversationId(input) is not { } conversationId)
        {
            WorkingMemoryLog.NoConversationId(_logger);
            return "error: no conversation_id provided";
        }

        string memory = await ReadMemoryAsync(conversationId, cancellationToken);
        string history = await ReadHistoryAsync(conversationId, cancellationToken);
        return await UpdateAsync(conversationId, memory, history, input.Message, input.Metadata, cancellationToken);
    }

    /// <summary>
    /// Answers the user from the memory of the conversation that the metadata names, then updates the memory with message and answer. Two
    /// calls of the model.
    /// </summary>
    /// <param name="input">The user's message.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    /// <returns>
    /// The answer and the status of the update, which is that of <see cref="ProcessAsync"/>; when the model answers nothing, no answer and
    /// <c>error: empty answer</c>, and the memory stays as it is.
    /// </returns>
    /// <exception cref="OperationCanceledException">The caller cancelled; every other failure is a status.</exception>
    public async Task<AgentAnswer> AnswerAsync(AgentInput input, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(input);
        if (FindConversationId(input) is not { } conversationId)
        {
            WorkingMemoryLog.NoConversationId(_logger);
            return new AgentAnswer(null, "error: no conversation_id provided");
        }

        string memory = await ReadMemoryAsync(conversationId, cancellationToken);
        string history = await ReadHistoryAsync(conversationId, cancellationToken);
        string instructions = $"{_options.AnswerPrompt}\n\nWorking memory:\n{OrNone(memory)}\n\nHistory:\n{OrNone(history)}";
        (string? answer, string? fault) = await AskAsync(instructions, input.Message, "error: empty answer", cancellationToken);
        if (answer is null)
        {
            return new AgentAnswer(null, fault!);
        }

        string interaction = $"User: {input.Message}\nAssistant: {answer}";
        return new AgentAnswer(answer, await UpdateAsync(conversationId, memory, history, interaction, input.Metadata, cancellationToken));
    }

    private static string? FindConversationId(AgentInput input) =>
        Convert.ToString(input.Metadata?.GetValueOrDefault(ConversationIdField), CultureInfo.InvariantCulture) is { Length: > 0 } id
            ? id
            : null;

    private static string OrNone(string text) => text.Length == 0 ? "(none)" : text;

    private static bool IsFailure(Exception exception, CancellationToken cancellationToken) =>
        exception is not OperationCanceledException || !cancellationToken.IsCancellationRequested;

    private async Task<string> ReadMemoryAsync(string conversationId, CancellationToken cancellationToken)
    {
        if (_manager is null)
        {
            return string.Empty;
        }

        try
        {
            IReadOnlyList<WorkingMemory> found = await _manager.RetrieveAsync(Input(conversationId), cancellationToken);
            return found.Count > 0 ? found[0].Text : string.Empty;
        }
        catch (Exception failure) when (IsFailure(failure, cancellationToken))
        {
            WorkingMemoryLog.MemoryNotRead(_logger, failure.GetType().Name);
            return string.Empty;
        }
    }

    private async Task<string> ReadHistoryAsync(string conversationId, CancellationToken cancellationToken)
    {
        if (_options.ReadHistory is not { } read)
        {
            return string.Empty;
        }

        try
        {
            return await read(conversationId, cancellationToken) ?? string.Empty;
        }
        catch (Exception failure) when (IsFailure(failure, cancellationToken))
        {
            WorkingMemoryLog.HistoryNotRead(_logger, failure.GetType().Name);
            return string.Empty;
        }
    }

    private async Task<string> UpdateAsync(
        string conversationId,
        string memory,
        string history,
        string interaction,
        IReadOnlyDictionary<string, object?>? metadata,
        CancellationToken cancellationToken
    )
    {
        string request = $"Current memory:\n{OrNone(memory)}\n\nHistory:\n{OrNone(history)}\n\nNew interaction:\n{interaction}";
        (string? updated, string? fault) = await AskAsync(
            _options.SystemPrompt,
            request,
            "error: empty memory response",
            cancellationToken
        );
        if (updated is null)
        {
            return fault!;
        }

        if (_manager is null)
        {
            WorkingMemoryLog.NoManager(_logger);
            return Success;
        }

        try
        {
            MemoryInput input = Input(conversationId) with { Data = [new WorkingMemory(updated)], Metadata = metadata };
            await _manager.StoreAsync(input, cancellationToken);
            return Success;
        }
        catch (Exception failure) when (IsFailure(failure, cancellationToken))
        {
            WorkingMemoryLog.MemoryNotStored(_logger, failure.GetType().Name);
            return $"error: storage failed - {failure.Message}";
        }
    }

    /// <summary>Asks the model.</summary>
    /// <returns>Its text, or the status that says why there is none.</returns>
    private async Task<(string? Text, string? Fault)> AskAsync(
        string instructions,
        string request,
        string whenEmpty,
        CancellationToken cancellationToken
    )
    {
        try
        {
            ChatResponse response = await _model.GetResponseAsync(
                [new ChatMessage(ChatRole.System, instructions), new ChatMessage(ChatRole.User, request)],
                _options.ChatOptions,
                cancellationToken
            );
            if (!string.IsNullOrWhiteSpace(response.Text))
            {
                return (response.Text, null);
            }

            WorkingMemoryLog.EmptyResponse(_logger);
            return (null, whenEmpty);
        }
        catch (Exception failure) when (IsFailure(failure, cancellationToken))
        {
            WorkingMemoryLog.ModelFailed(_logger, failure.GetType().Name);
            return (null, $"error: {failure.Message}");
        }
    }

    private static MemoryInput Input(string conversationId) =>
        new() { ConversationId = conversationId, MemoryType = ConversationMemoryType.WorkingMemory };
}
