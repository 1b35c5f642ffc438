using System.Collections.Immutable;
using Microsoft.Extensions.AI;
using OrleansMemory.Conversations;
using OrleansMemory.Errors;

namespace OrleansMemory.Client.Runs;

internal sealed partial class RunSession
{
    private readonly List<RefusedStaging> _refused = [];
    private List<ChatMessage>? _answer;
    private bool _isAsked;
    private bool _isSent;
    private bool _isCommitted;
    private TurnReceipt? _receipt;

    /// <summary>Commits input, response and what was staged as one turn.</summary>
    /// <param name="response">The response. It stays as it is.</param>
    /// <param name="cancellationToken">Ends the wait; before the turn is sent it stores nothing.</param>
    /// <returns>A copy of the response, with the ids that its messages are stored under.</returns>
    public async Task<ChatResponse> CommitAsync(ChatResponse response, CancellationToken cancellationToken)
    {
        Run.Enter();
        List<ChatMessage> messages = [.. response.Messages.Select(Copies.Of)];
        messages.ForEach(Ids.Settle);
        _answer = messages;
        cancellationToken.ThrowIfCancellationRequested();
        if (await SendAsync(messages, cancellationToken) is { } receipt)
        {
            _receipt = receipt;
            WasCommittedBefore = receipt.Replayed && _isFingerprinted;
            if (!WasCommittedBefore)
            {
                _services.Client.Kept<StoredMarks>().Add(_conversation.Key, receipt, _input.Concat(messages));
            }

            Run.Loop?.Said(_services.Client.Format, receipt, messages);
        }

        _isCommitted = true;
        TellChanges();
        TellRefused();
        if (_window.IsFull)
        {
            _services.Summaries?.Start(_conversation, _window.Start);
        }

        return Copies.Of(response, messages, ConversationId);
    }

    /// <summary>Says that the model is called from here on: what is stored of a run that fails later the options say.</summary>
    public void BeginAnswer() => _isAsked = true;

    /// <summary>Ends a run that failed, at whatever point, and stores what the options ask for. Nothing happens to one that was committed,
    /// or whose answer is being made in the background.</summary>
    /// <param name="failure">Why.</param>
    /// <param name="partial">What came of the response.</param>
    /// <returns>A task that ends when it is done.</returns>
    public async Task GiveUpAsync(Exception failure, IEnumerable<ChatResponseUpdate> partial)
    {
        if (_isCommitted || _isWaiting)
        {
            return;
        }

        Run.Discard();
        await (Run.Claim?.ReleaseAsync() ?? Task.CompletedTask);

        // A run that lost against another one is not to be in the log: the other one is, or its caller demanded so.
        if (_isAsked && failure is not (TurnConflictException or VersionConflictException))
        {
            await StorePartialAsync(_answer ?? partial.ToChatResponse().Messages);
        }
    }

    /// <summary>
    /// Commits the turn. What a run staged may be refused although it was within the limits when it was staged, because others wrote
    /// meanwhile or limits were lowered: then the turn is committed without it, since the answer is paid for.
    /// </summary>
    private async Task<TurnReceipt?> SendAsync(IReadOnlyList<ChatMessage> messages, CancellationToken cancellationToken)
    {
        for (bool isFirst = true; ; isFirst = false)
        {
            RefuseWhatLeavesNoRoom();
            if (Run.End([.. _stored, .. Write(messages, Run.StagedBytes)]) is not { } turn)
            {
                return null;
            }

            turn = turn with { InitialSettings = _services.NewConversation, Fingerprint = _isFingerprinted ? FingerprintOfInput() : null };
            try
            {
                _isSent = true;
                return await CommitTurnAsync(turn, cancellationToken);
            }
            catch (PayloadTooLargeException) when (isFirst)
            {
                // The limits may have been lowered since they were asked for.
                _services.Client.Limits.Forget(_conversation.Key.Tenant);
                _limits = await _conversation.GetLimitsAsync(cancellationToken);
                _stored = new InputWriting(_services.Client.Format).Refit(_input, _stored, _limits, _changes);
            }
            catch (MemoryException refusal)
                when (ParameterOf(refusal) is { } parameter && Run.Refuse(refusal, parameter) is { Count: > 0 } refused)
            {
                _refused.AddRange(refused);
            }
        }
    }

    private static string? ParameterOf(MemoryException refusal) =>
        refusal switch
        {
            PayloadTooLargeException large => large.Parameter,
            InvalidRequestException invalid => invalid.Parameter,
            JsonTooDeepException deep => deep.Parameter,
            _ => null,
        };

    private void RefuseWhatLeavesNoRoom()
    {
        long room = InputWriting.RoomBehind(_limits!, _stored).Bytes - InputWriting.Reserved(_limits!);
        if (Run.StagedBytes > Math.Max(0, room))
        {
            _refused.AddRange(Run.Refuse(new PayloadTooLargeException("entries", Run.StagedBytes, Math.Max(0, room), "bytes"), "entries"));
        }
    }

    /// <summary>Writes the messages of the answer so that they can be stored, whatever is in them.</summary>
    private IEnumerable<NewMessage> Write(IEnumerable<ChatMessage> messages, long stagedBytes)
    {
        var keeping = new MessageKeeping(_services.Client.Format, _changes);
        List<KeptMessage> kept = [.. messages.Select(keeping.KeepAnswer)];
        (int Messages, long Bytes) room = InputWriting.RoomBehind(_limits!, _stored);
        keeping.Fit(kept, _limits!, (room.Messages, room.Bytes - stagedBytes));
        return kept.Select(message => message.ToNewMessage());
    }

    /// <summary>
    /// Stores what the options ask for of a run that failed. A failure to do so is logged: the run has failed in any case.
    /// </summary>
    private async Task StorePartialAsync(IEnumerable<ChatMessage> answer)
    {
        if (_services.StoredOnFailure == StoredOnFailure.Nothing)
        {
            return;
        }

        try
        {
            // The turn may have been on its way when its caller gave up.
            if (_isSent && await _conversation.GetTurnAsync(Run.TurnId, CancellationToken.None) is not null)
            {
                return;
            }

            List<ChatMessage> partial = _services.StoredOnFailure == StoredOnFailure.Input ? [] : PartialAnswer.Of(answer);
            partial.ForEach(Ids.Settle);
            ImmutableArray<NewMessage> messages = [.. _stored, .. Write(partial, stagedBytes: 0)];
            if (!messages.IsEmpty)
            {
                TurnReceipt receipt = await CommitPartialAsync(messages);
                _services.Client.Kept<StoredMarks>().Add(_conversation.Key, receipt, _input.Concat(partial));
                TellChanges();
            }
        }
        catch (Exception failure)
        {
            RunLog.PartialNotStored(_services.Logger, failure.GetType().Name);
        }
    }

    private async Task<TurnReceipt> CommitPartialAsync(ImmutableArray<NewMessage> messages)
    {
        for (int attempt = 1; ; attempt++)
        {
            try
            {
                var partial = new Turn
                {
                    TurnId = RunTurnId.Partial(Run.TurnId, attempt),
                    Messages = messages,
                    MustExist = Run.Head is not null,
                    ExpectedLife = Run.Head?.CreatedAt,
                    InitialSettings = _services.NewConversation,
                };
                return await _conversation.CommitAsync(partial, CancellationToken.None);
            }
            catch (TurnConflictException) when (attempt < RunTurnId.MostPartial)
            {
                // The run was made before under its id, failed then too, and left something else.
            }
        }
    }

    private void TellChanges()
    {
        foreach (AnswerChange change in _changes.Distinct())
        {
            RunLog.AnswerChanged(_services.Logger, change.Kind, change.TypeName);
            try
            {
                _services.AnswerChanged?.Invoke(change);
            }
            catch (Exception failure)
            {
                RunLog.ChangeNotNotified(_services.Logger, failure.GetType().Name);
            }
        }

        _changes.Clear();
    }

    private void TellRefused()
    {
        foreach (IGrouping<RefusedStagingKind, RefusedStaging> kind in _refused.GroupBy(refused => refused.Kind))
        {
            RunLog.StagingRefused(_services.Logger, kind.Key, kind.Count());
        }

        foreach (RefusedStaging refused in _refused)
        {
            try
            {
                _services.StagingRefused?.Invoke(refused);
            }
            catch (Exception failure)
            {
                RunLog.ChangeNotNotified(_services.Logger, failure.GetType().Name);
            }
        }

        _refused.Clear();
    }

    private async Task<TurnReceipt> CommitTurnAsync(Turn turn, CancellationToken cancellationToken)
    {
        if (!_services.RequireUnchangedLog)
        {
            return await _conversation.CommitAsync(turn, cancellationToken);
        }

        long version = Run.Head?.Version ?? 0;
        while (true)
        {
            try
            {
                return await _conversation.CommitAsync(turn with { ExpectedVersion = version }, cancellationToken);
            }
            catch (VersionConflictException)
            {
                // Turns that left the log alone, such as a summary's, are no reason to refuse.
                Head? now = await _conversation.GetHeadAsync(cancellationToken);
                if (now is null || !IsLogUnchanged(now))
                {
                    throw;
                }

                version = now.Version;
            }
        }
    }

    /// <summary>Whether the log is as it was when the run began. A conversation may have begun since without a message, by a tool's journal
    /// for instance.</summary>
    private bool IsLogUnchanged(Head now) =>
        Run.Head is { } then
            ? now.CreatedAt == then.CreatedAt && now.LastSequence == then.LastSequence && now.FirstSequence == then.FirstSequence
            : now.LastSequence == 0;
}
