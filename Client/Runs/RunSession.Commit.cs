using System.Collections.Immutable;
using Microsoft.Extensions.AI;
using OrleansMemory.Conversations;
using OrleansMemory.Errors;

namespace OrleansMemory.Client.Runs;

internal sealed partial class RunSession
{
    /// <summary>Commits input, response and what was staged as one turn.</summary>
    /// <param name="response">The response.</param>
    /// <param name="cancellationToken">Ends the wait; before the turn is sent it stores nothing.</param>
    /// <returns>
    /// The response; the stored one when another run of the same turn id was committed first; <see langword="null"/> when there is one and
    /// it may not take the place of this.
    /// </returns>
    public async Task<ChatResponse> CommitAsync(ChatResponse response, CancellationToken cancellationToken)
    {
        Run.Enter();
        cancellationToken.ThrowIfCancellationRequested();
        List<ChatMessage> messages = [.. response.Messages.Select(Copies.Of)];
        foreach (ChatMessage message in messages)
        {
            message.MessageId = string.IsNullOrEmpty(message.MessageId) ? NewMessageId() : message.MessageId;
        }

        if (Run.End([.. _stored, .. _services.Client.Format.ToNewMessages(messages)]) is { } turn)
        {
            TurnReceipt receipt = await CommitTurnAsync(turn, cancellationToken);
            _services.Client.Stored.Add(_conversation.Key, receipt, _input.Concat(messages));
        }

        await TellProviderAsync([.. messages], null, cancellationToken);
        if (_window.IsFull)
        {
            _services.Summaries?.Start(_conversation, _window.Start);
        }

        return Copies.Of(response, messages, ConversationId);
    }

    /// <summary>Makes an id for a message that the model gave none.</summary>
    /// <returns>The id.</returns>
    public static string NewMessageId() => $"msg_{Guid.NewGuid().ToString("N")[..16]}";

    /// <summary>Stores what the options ask for of a stream that did not come to its end. A failure to do so is logged: the run has failed
    /// in any case.</summary>
    /// <param name="updates">What was streamed.</param>
    /// <returns>A task that ends when it is stored.</returns>
    public async Task StorePartialAsync(IReadOnlyList<ChatResponseUpdate> updates)
    {
        IEnumerable<ChatMessage> partial = _services.StoredOnFailure switch
        {
            StoredOnFailure.Input => [],
            StoredOnFailure.InputAndPartialResponse => updates.ToChatResponse().Messages,
            _ => null!,
        };
        if (partial is null)
        {
            return;
        }

        try
        {
            ImmutableArray<NewMessage> messages = [.. _stored, .. _services.Client.Format.ToNewMessages(partial.Where(message => message.Contents.Count > 0))];
            if (!messages.IsEmpty)
            {
                await _conversation.CommitAsync(new Turn { TurnId = RunTurnId.Partial(Run.TurnId), Messages = messages }, CancellationToken.None);
            }
        }
        catch (Exception failure)
        {
            RunLog.PartialNotStored(_services.Logger, failure.GetType().Name);
        }
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
                if (now is null || Run.Head is not { } then || now.CreatedAt != then.CreatedAt || now.LastSequence != then.LastSequence
                    || now.FirstSequence != then.FirstSequence)
                {
                    throw;
                }

                version = now.Version;
            }
        }
    }
}
