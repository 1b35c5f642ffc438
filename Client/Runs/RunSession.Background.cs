using Microsoft.Extensions.AI;
using OrleansMemory.Errors;

namespace OrleansMemory.Client.Runs;

internal sealed partial class RunSession
{
    private readonly Lock _endLock = new();
    private Task<ChatResponse>? _end;
    private bool _isWaiting;

    /// <summary>
    /// What the inner client is asked by a poll: what the caller gave, and nothing else, since the service knows the rest.
    /// </summary>
    /// <param name="messages">The poll's messages.</param>
    public static RunRequest PollOf(IReadOnlyList<ChatMessage> messages, ChatOptions options) =>
        new(messages, RunRequest.OptionsFor(options));

    /// <summary>A run that begins with a poll, because this process does not know the run that the poll's token asks for.</summary>
    /// <param name="services">What runs share.</param>
    /// <param name="input">The poll's messages.</param>
    /// <returns>The run, which is not prepared yet.</returns>
    public static RunSession OfPoll(
        RunServices services,
        Conversation conversation,
        IReadOnlyList<ChatMessage> input,
        ChatOptions options
    ) =>
        new(services, conversation, Split(services, input), options, RunTurnId.Of(options, []) ?? RunTurnId.Of(options.ContinuationToken!))
        {
            _isWaiting = true,
        };

    /// <summary>Reads what a commit needs to know, where the run begins with a poll.</summary>
    /// <returns>The stored response, where the run was committed before; <see langword="null"/> when it was not.</returns>
    public async Task<ChatResponse?> PreparePollAsync(CancellationToken cancellationToken)
    {
        if (await FindPolledAsync(cancellationToken) is { } stored)
        {
            return stored;
        }

        await PrepareInputAsync(cancellationToken);
        return null;
    }

    /// <summary>Leaves the run open: its answer is being made in the background, and nothing of it is stored before it is whole.</summary>
    /// <param name="token">Asks for the rest.</param>
    /// <param name="updates">What has come so far.</param>
    public void Wait(ResponseContinuationToken token, IReadOnlyList<ChatResponseUpdate> updates)
    {
        if (!_isWaiting && !_hasTurnId)
        {
            // Polls of any process find the run by its first token.
            Run.TurnId = RunTurnId.Of(token);
        }

        _isWaiting = true;
        _services.Client.Kept<BackgroundRuns>().Keep(_conversation.Key, token, this, updates, updates.Count);
    }

    /// <summary>Says that the last update came without a token: nothing more is to be waited for.</summary>
    public void StopWaiting() => _isWaiting = false;

    /// <summary>Begins to read the stream of a poll.</summary>
    /// <param name="before">The updates that had come before.</param>
    public void GoOnBehind(IEnumerable<ChatResponseUpdate> before) =>
        _ids = Ids.Again(before.Select(update => update.MessageId).OfType<string>());

    /// <summary>Finds the response where the run was committed since its token was given away.</summary>
    /// <returns>The response; <see langword="null"/> when the run is still open.</returns>
    public async Task<ChatResponse?> FindEndAsync(CancellationToken cancellationToken) =>
        _isCommitted ? await FindPolledAsync(cancellationToken) : null;

    /// <summary>
    /// Ends a call that did not stream: commits the response, or leaves the run open where the response has a continuation token.
    /// </summary>
    /// <returns>The response with our conversation's id.</returns>
    public async Task<ChatResponse> EndAsync(ChatResponse response, CancellationToken cancellationToken)
    {
        if (response.ContinuationToken is { } token)
        {
            Wait(token, []);
            return Copies.Of(response, [.. response.Messages.Select(Copies.Of)], ConversationId);
        }

        return _isWaiting ? await CommitOnceAsync(response, cancellationToken) : await CommitAsync(response, cancellationToken);
    }

    /// <summary>Commits a run that may be polled by several callers: once, also where they come at the same time.</summary>
    /// <param name="response">The whole response.</param>
    /// <returns>The response as it is stored.</returns>
    public async Task<ChatResponse> CommitOnceAsync(ChatResponse response, CancellationToken cancellationToken)
    {
        while (true)
        {
            Task<ChatResponse> end = Begin();
            try
            {
                ChatResponse stored = await end;
                return Copies.Of(stored, [.. stored.Messages.Select(Copies.Of)], stored.ConversationId);
            }
            catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
            {
                // The caller that began the commit gave up; this one did not.
            }
            catch (TurnConflictException conflict)
            {
                // Another process polled too, and was first.
                return await FindPolledAsync(cancellationToken)
                    ?? throw new TurnConflictException(conflict.TurnId, conflict.CommittedVersion);
            }
        }

        Task<ChatResponse> Begin()
        {
            lock (_endLock)
            {
                if (_end is null || (_end.IsCompleted && !_end.IsCompletedSuccessfully))
                {
                    _ids = _end is null ? Ids : Ids.Again([]);
                    _end = CommitAsync(response, cancellationToken);
                }

                return _end;
            }
        }
    }

    /// <summary>The answer of the run's turn, where it was committed, whatever its input was.</summary>
    private async Task<ChatResponse?> FindPolledAsync(CancellationToken cancellationToken)
    {
        if (await _conversation.GetTurnAsync(Run.TurnId, cancellationToken) is not { } receipt)
        {
            return null;
        }

        List<ChatMessage> messages = [.. (await ReadTurnAsync(receipt, cancellationToken)).Select(_services.Client.Format.ToShownMessage)];
        int input = messages.FindLastIndex(message => message.Role != ChatRole.Assistant && message.Role != ChatRole.Tool) + 1;
        return new ChatResponse([.. messages.Skip(input)]) { ConversationId = ConversationId };
    }
}
