using System.Net;
using System.Text.Json;
using OrleansMemory.Http;

namespace OrleansMemory.Cli.Transfer.Import.Converted;

/// <summary>
/// Writes conversations of other programs to the silo: one that is not there is imported whole, one that has gone on since its last import
/// gets what it does not have, all else is left as it is. Ids are the same at every import, so that nothing is written twice.
/// </summary>
/// <param name="memory">Calls the silo.</param>
/// <param name="user">Whose they are to be; <see langword="null"/> for no one's.</param>
/// <param name="tally">Is told what it comes to.</param>
/// <param name="retry">Repeats calls.</param>
internal sealed class ConvertedImport(MemoryHttpClient memory, string? user, ImportTally tally, Retry retry)
{
    private const int TurnMessages = 200;

    /// <summary>Writes a conversation.</summary>
    /// <param name="conversation">What was read of it.</param>
    /// <param name="order">Its place in the file.</param>
    /// <param name="where">The same in words.</param>
    public async Task ImportAsync(ConvertedConversation conversation, long order, string where, CancellationToken cancellationToken)
    {
        try
        {
            string? refusal = await retry.ExecuteAsync(() => TryAsync(conversation, cancellationToken), cancellationToken);
            if (refusal is not null)
            {
                tally.Fail(order, where, refusal);
            }
        }
        catch (MemoryHttpException refusal) when (ImportTally.IsOfOne(refusal))
        {
            tally.Fail(order, where, ImportTally.Why(refusal));
        }
    }

    private async Task<string?> TryAsync(ConvertedConversation conversation, CancellationToken cancellationToken)
    {
        if (await memory.FindConversationAsync(conversation.Id, cancellationToken) is { } there)
        {
            return await ContinueAsync(conversation, there, cancellationToken);
        }

        try
        {
            using var document = new MemoryStream(conversation.ToDocument(user).ToArray(), writable: false);
            await memory.ImportConversationAsync(conversation.Id, document, cancellationToken);
            tally.Imported(conversation.Counts);
            return null;
        }
        catch (MemoryHttpException refusal)
            when ((HttpStatusCode)refusal.StatusCode is HttpStatusCode.Conflict
                && refusal is MemoryHttpException<ProblemDocument> { Result.Code: "conversation-exists" }
            )
        {
            // Another import was faster, or the file has it twice.
            return await memory.FindConversationAsync(conversation.Id, cancellationToken) is { } found
                ? await ContinueAsync(conversation, found, cancellationToken)
                : ImportTally.Why(refusal);
        }
    }

    private async Task<string?> ContinueAsync(
        ConvertedConversation conversation,
        ConversationDocument there,
        CancellationToken cancellationToken
    )
    {
        if (there.UserId != user)
        {
            return "A conversation with this id is there, and is somebody else's.";
        }

        // Ids of messages are those of the file: where the last common one is the same, so is all before it.
        int common = (int)Math.Min(there.LastSequence, conversation.Messages.Count);
        if (
            common > 0
            && common >= there.FirstSequence
            && await IdAtAsync(conversation.Id, common, cancellationToken) != conversation.Messages[common - 1].Id
        )
        {
            return "A conversation with this id is there, and has other messages: it was changed there, or another answer was chosen since it was imported.";
        }

        long version = there.Version;
        for (int from = common; from < conversation.Messages.Count; from += TurnMessages)
        {
            TurnBody turn = JsonSerializer.Deserialize<TurnBody>(conversation.ToTurn(from, TurnMessages, version).Span)!;
            version = (await memory.CommitTurnAsync(conversation.Id, turn, cancellationToken: cancellationToken)).Version;
        }

        if (common < conversation.Messages.Count)
        {
            tally.Continued(conversation.Messages.Count - common);
        }
        else
        {
            tally.Unchanged();
        }

        return null;
    }

    private async Task<string?> IdAtAsync(string id, long sequence, CancellationToken cancellationToken) =>
        (await memory.GetMessagesAsync(id, limit: 1, after: sequence - 1, order: "asc", cancellationToken: cancellationToken))
            .Messages.FirstOrDefault()
            ?.MessageId;
}
