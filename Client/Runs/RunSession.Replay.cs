using Microsoft.Extensions.AI;
using OrleansMemory.Client.Errors;
using OrleansMemory.Client.Windows;
using OrleansMemory.Conversations;
using OrleansMemory.Errors;

namespace OrleansMemory.Client.Runs;

internal sealed partial class RunSession
{
    private TurnReceipt? _committed;

    /// <summary>Finds the response of this run where its turn was committed before.</summary>
    /// <returns>The stored response; <see langword="null"/> when the run is yet to be made.</returns>
    /// <exception cref="TurnConflictException">The turn was committed with another input.</exception>
    /// <exception cref="RunNotReplayableException">The turn's messages have been dropped since.</exception>
    public async Task<ChatResponse?> FindCommittedAsync(CancellationToken cancellationToken)
    {
        if (!_hasTurnId || await _conversation.GetTurnAsync(Run.TurnId, cancellationToken) is not { } receipt)
        {
            return null;
        }

        _committed = receipt;
        RunLog.Replayed(_services.Logger);
        IReadOnlyList<Message> stored = await ReadTurnAsync(receipt, cancellationToken);
        IReadOnlyList<ChatMessage>? input = StartsWith(stored, _given) ? _given : await FindInputAsync(receipt, stored, cancellationToken);
        if (input is null)
        {
            throw new TurnConflictException(Run.TurnId, receipt.Version);
        }

        List<ChatMessage> response = [.. stored.Skip(input.Count).Select(_services.Client.Format.ToShownMessage)];
        if (response.Any(message => message.Role != ChatRole.Assistant && message.Role != ChatRole.Tool))
        {
            // More was said before the model answered than this input says.
            throw new TurnConflictException(Run.TurnId, receipt.Version);
        }

        _services.Client.Kept<StoredMarks>().Add(_conversation.Key, receipt, input.Concat(response));
        Run.Loop?.Said(_services.Client.Format, receipt, response);
        return new ChatResponse(response) { ConversationId = ConversationId };
    }

    /// <summary>
    /// Claims the approvals that the input answers. Where another run had one of them, that has ended when this returns, and what it stored
    /// is what this run reads.
    /// </summary>
    /// <returns>The stored response, where the other run was this one; <see langword="null"/> when the run is yet to be made.</returns>
    public async Task<ChatResponse?> ClaimAsync(CancellationToken cancellationToken)
    {
        if (await ApprovalClaim.TakeAsync(_conversation, _given, _services.Logger, cancellationToken) is not { } claim)
        {
            return null;
        }

        Run.Claim = claim;
        ChatResponse? committed = null;
        try
        {
            committed = claim.HasWaited ? await FindCommittedAsync(cancellationToken) : null;
        }
        catch
        {
            await claim.ReleaseAsync();
            throw;
        }

        await (committed is null ? Task.CompletedTask : claim.ReleaseAsync());
        return committed;
    }

    private async Task<IReadOnlyList<Message>> ReadTurnAsync(TurnReceipt receipt, CancellationToken cancellationToken)
    {
        try
        {
            return await _conversation.ReadTurnAsync(receipt, cancellationToken);
        }
        catch (TurnMessagesDroppedException dropped)
        {
            throw new RunNotReplayableException(dropped.CommittedVersion);
        }
    }

    /// <summary>What of the input was new when the turn was committed; <see langword="null"/> when the turn has another input.</summary>
    private async Task<IReadOnlyList<ChatMessage>?> FindInputAsync(
        TurnReceipt receipt,
        IReadOnlyList<Message> stored,
        CancellationToken cancellationToken
    )
    {
        if (receipt.FirstSequence is not { } first || await _conversation.GetHeadAsync(cancellationToken) is not { } head)
        {
            return null;
        }

        Head before = head with { LastSequence = first - 1, Version = receipt.Version };
        var loading = new WindowLoading(_conversation, _services.Window, before);
        await loading.BeginAsync(cancellationToken);
        IReadOnlyList<ChatMessage> input = await NewOfAsync(before, loading, cancellationToken);
        return StartsWith(stored, input) ? input : null;
    }

    private bool StartsWith(IReadOnlyList<Message> stored, IReadOnlyList<ChatMessage> input) =>
        input.Count <= stored.Count && input.Select((message, i) => IsStoredAs(message, stored[i])).All(same => same);

    /// <summary>
    /// Whether a stored message is this one. Of tool results only the answered calls are compared: a tool that is called again may say
    /// something else, and the first answer
    /// counts.
    /// </summary>
    private bool IsStoredAs(ChatMessage message, Message stored)
    {
        NewMessage given = new InputWriting(_services.Client.Format).Write(message);
        bool alike =
            string.Equals(given.Role, stored.Role, StringComparison.Ordinal)
            && string.Equals(given.Author, stored.Author, StringComparison.Ordinal)
            && (string.IsNullOrEmpty(given.Id) || string.Equals(given.Id, stored.Id, StringComparison.Ordinal));
        if (!alike || message.Role != ChatRole.Tool)
        {
            return alike
                && string.Equals(given.Contents, stored.Contents, StringComparison.Ordinal)
                && string.Equals(given.Metadata, stored.Metadata, StringComparison.Ordinal);
        }

        IEnumerable<string> answered = ToolUse.In(_services.Client.Format.ToShownMessage(stored).Contents).Select(use => use.Id);
        return ToolUse.In(message.Contents).Select(use => use.Id).SequenceEqual(answered, StringComparer.Ordinal);
    }
}
