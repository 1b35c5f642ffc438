using System.Text.Json;
using OrleansMemory.Client;
using OrleansMemory.Conversations;
using OrleansMemory.Errors;

namespace OrleansMemory.Silo.OpenAi;

/// <summary>
/// Deletes one item, as one turn: what it said is in no API any more. The messages that are left are written again at the log's end where
/// the message is not the oldest one, since sequences have no gaps.
/// </summary>
internal static class ItemDeletion
{
    // Others may write all the time; whoever is overtaken so often is told.
    private const int MaxAttempts = 16;

    private static readonly TimeSpan RetryAfter = TimeSpan.FromSeconds(1);

    // Of a message that holds several items what is left is written anew, and so is what stands behind it.
    private const int MaxMovedMessages = 1_000;

    // A turn that holds nothing is refused.
    private static readonly SettingsChange ChangesNothing = new() { Values = ConversationSettings.Empty, Fields = SettingsFields.None };

    /// <summary>Deletes an item.</summary>
    /// <param name="head">Its head, as the caller is answered with it: another conversation under its id is left alone.</param>
    /// <param name="itemId">The item's id.</param>
    /// <param name="turnId">The turn's id.</param>
    /// <param name="isNew">Whether the turn id was not sent before, since it was made for this request.</param>
    /// <exception cref="Errors.ProblemException">There is no such item.</exception>
    /// <exception cref="MemoryOverloadedException">Others were faster every time.</exception>
    /// <exception cref="PayloadTooLargeException">More messages would have to be written again than one turn may have.</exception>
    public static async Task DeleteAsync(
        Conversation conversation,
        Head head,
        string itemId,
        string turnId,
        bool isNew,
        CancellationToken cancellationToken
    )
    {
        var turn = new Turn
        {
            TurnId = turnId,
            Fingerprint = RequestHash.Of("delete-item", itemId),
            MustExist = true,
            ExpectedLife = head.CreatedAt,
        };
        for (int attempt = 1; ; attempt++)
        {
            FoundItem? found = await ItemLookup.FindAsync(conversation, itemId, cancellationToken);
            if (found is null)
            {
                // It may be this very request that has deleted it: then it has a receipt, else it conflicts with the one that has.
                if (isNew || await conversation.GetTurnAsync(turnId, cancellationToken) is null)
                {
                    throw OpenAiProblem.NoItem("item_id");
                }

                await conversation.CommitAsync(turn with { Settings = ChangesNothing }, cancellationToken);
                return;
            }

            try
            {
                await conversation.CommitAsync(
                    found.Items.Length == 1
                        ? turn with
                        {
                            DeleteSequences = [found.Message.Sequence],
                        }
                        : await WithoutPartAsync(conversation, turn, found, cancellationToken),
                    cancellationToken
                );
                return;
            }
            catch (MemoryException overtaken) when (IsOvertaken(overtaken))
            {
                if (attempt == MaxAttempts)
                {
                    throw new MemoryOverloadedException(RetryAfter);
                }
            }
        }
    }

    // A sequence is never given twice: what was found has been written again elsewhere, or is gone. And what was read to be written anew
    // may have changed.
    private static bool IsOvertaken(MemoryException failure) =>
        failure is VersionConflictException
        || (failure is InvalidRequestException moved && moved.Parameter.StartsWith("deleteSequences", StringComparison.Ordinal));

    /// <summary>The turn that leaves the other items of the message, each as a message of its own under its id, at their place.</summary>
    private static async Task<Turn> WithoutPartAsync(
        Conversation conversation,
        Turn turn,
        FoundItem found,
        CancellationToken cancellationToken
    )
    {
        // The version first: what is read after it is at least as new.
        Head head = await conversation.GetHeadAsync(cancellationToken) ?? throw new ConversationNotFoundException(conversation.Key);
        MessagePage behind = await conversation.GetStoredMessagesAsync(
            new MessageQuery
            {
                After = found.Message.Sequence,
                Order = MessageOrder.Ascending,
                Limit = MaxMovedMessages,
            },
            cancellationToken
        );
        if (behind.Next is not null)
        {
            throw new PayloadTooLargeException(
                "item_id",
                head.LastSequence - found.Message.Sequence,
                MaxMovedMessages,
                "messages",
                "These stand behind a message of several items, which is divided. Delete newer items first."
            );
        }

        JsonElement contents = JsonElement.Parse(found.Message.Contents);
        IEnumerable<NewMessage> left = found
            .Items.Where((_, index) => index != found.Index)
            .Select(item =>
                ToNew(found.Message) with
                {
                    Id = item.Id,
                    Contents = $"[{string.Join(',', item.Contents.Select(content => contents[content].GetRawText()))}]",
                }
            );
        return turn with
        {
            ExpectedVersion = head.Version,
            DeleteSequences = [found.Message.Sequence, .. behind.Messages.Select(static message => message.Sequence)],
            Messages = [.. left, .. behind.Messages.Select(ToNew)],
        };
    }

    private static NewMessage ToNew(Message message) =>
        new()
        {
            Id = message.Id,
            Role = message.Role,
            Author = message.Author,
            Contents = message.Contents,
            Metadata = message.Metadata,
            Created = message.Created,
        };
}
