using OrleansMemory.Client.Errors;
using OrleansMemory.Conversations;
using OrleansMemory.Errors;

namespace OrleansMemory.Client.Compatibility.AutoGrams;

public sealed partial class MemoryObject
{
    private const int MaxReplaceAttempts = 8;

    /// <summary>
    /// Gives this memory, which was made or deserialized, to a conversation: it takes the place of the program memory, the user globals and
    /// the messages that the conversation has. Sequences go on where they were. Afterwards the memory belongs to the conversation and can
    /// be committed.
    /// </summary>
    /// <param name="conversation">The conversation; it need not exist yet.</param>
    /// <param name="turnId">
    /// The turn's id; <see langword="null"/> makes a new one, and keeps it for the next attempt when the outcome of this one is unknown.
    /// </param>
    /// <param name="expectedVersion">The version that the conversation must have, 0 for none; <see langword="null"/> takes any.</param>
    /// <param name="cancellationToken">Ends the wait, not a turn that is already on its way.</param>
    /// <returns>The receipt, with the first and the last sequence of all that was written.</returns>
    /// <remarks>
    /// <para>It is one turn as long as the memory fits one. A larger one is appended ahead, in turns <c>id/1</c>, <c>id/2</c>…, behind the
    /// messages that the conversation has; then the turn <c>id</c> puts the memory and the user globals in place of the old ones and drops
    /// the old messages. So whoever opens the program's memory finds the old one or the new one, whole. Whoever reads the log itself finds
    /// the new messages behind the old ones until then.</para>
    /// <para>Sent again under its id, whether it was cut off or not, it goes on where it stopped. A turn of somebody else in between is a
    /// version conflict: the program's memory is the old one then, and so is everything that it refers to, with what that turn did to it.
    /// What has been appended ahead stays in the log, where no program refers to it, until the next replacement, which takes another
    /// id.</para>
    /// </remarks>
    /// <exception cref="VersionConflictException">
    /// The conversation does not have the expected version: nothing was written; or somebody else has committed a turn while a large memory
    /// was appended.
    /// </exception>
    /// <exception cref="TurnConflictException">The turn id was used before for something else.</exception>
    /// <exception cref="PayloadTooLargeException">
    /// A message or a part of the memory is over its limit, or the memory without its messages is larger than one turn may be. Nothing was
    /// written.
    /// </exception>
    /// <exception cref="UnserializableValueException">A local or a module global cannot be written. Nothing was written.</exception>
    /// <exception cref="InvalidOperationException">
    /// The memory belongs to a conversation already, or code outside of the program is running.
    /// </exception>
    public async Task<TurnReceipt> ReplaceAsync(
        Conversation conversation,
        string? turnId = null,
        long? expectedVersion = null,
        CancellationToken cancellationToken = default
    )
    {
        ArgumentNullException.ThrowIfNull(conversation);
        using UseGuard.Use use = Guard.Enter();
        if (_conversation is not null)
        {
            throw new InvalidOperationException(
                "This memory belongs to a conversation already. Serialize it, and give the copy to another one."
            );
        }

        RefuseInExternalCall();
        string id = turnId ?? _unsettledTurnId ?? Conversation.NewTurnId();
        var staging = new MessageStaging(conversation, id);
        TurnLimits limits = await conversation.GetLimitsAsync(cancellationToken);
        long? earlier = null;
        for (int attempt = 1; ; attempt++)
        {
            Head? head = await conversation.GetHeadAsync(cancellationToken);
            (Turn turn, MemoryChanges changes) = MoveTo(
                conversation,
                id,
                earlier ?? head?.LastSequence ?? 0,
                expectedVersion ?? head?.Version ?? 0
            );
            try
            {
                // A turn of this id that had no others before it was smaller than the limits when it was committed.
                bool isWhole =
                    TurnSize.Fits(turn, limits)
                    || (
                        await staging.FindAsync(cancellationToken) is null
                        && await conversation.GetTurnAsync(id, cancellationToken) is not null
                    );
                TurnReceipt receipt = isWhole
                    ? await SendAsync(id, changes, () => conversation.CommitAsync(turn, cancellationToken))
                    : await ReplaceStagedAsync(conversation, staging, turn, changes, limits, cancellationToken);
                _conversation = conversation;
                return receipt;
            }
            catch (VersionConflictException) when (expectedVersion is null && attempt < MaxReplaceAttempts && !staging.HasBegun)
            {
                // Somebody committed between the two calls, and the caller takes any version.
            }
            catch (TurnConflictException) when (earlier is null && !staging.HasBegun)
            {
                // Sent again, the same memory would stand at another place of the log. Where it stands if it was this turn, the stored
                // lists know.
                MemoryObject? stored = await TryOpenAsync(conversation, null, cancellationToken);
                if (stored?._state.ModelTurns.First() - 1 is not { } place || place == _log.Base)
                {
                    throw;
                }

                earlier = place;
            }
        }
    }

    /// <summary>Says where the memory will stand.</summary>
    private (Turn Turn, MemoryChanges Changes) MoveTo(Conversation conversation, string turnId, long lastSequence, long expectedVersion)
    {
        _state.Move(lastSequence - _log.Base);
        _log.MoveTo(conversation, lastSequence);
        MemoryChanges changes = MemoryChanges.Find(this, new Dictionary<string, string>(StringComparer.Ordinal));
        Turn turn = changes.ToTurn(turnId, expectedVersion) with
        {
            KeepLast = 0,
            EntryDeletes = [new EntryDelete { Space = EntrySpaces.MemoryObject }, new EntryDelete { Space = EntrySpaces.Globals }],
        };
        return (turn, changes);
    }

    /// <summary>Appends the messages ahead, and then makes them the memory.</summary>
    private async Task<TurnReceipt> ReplaceStagedAsync(
        Conversation conversation,
        MessageStaging staging,
        Turn turn,
        MemoryChanges changes,
        TurnLimits limits,
        CancellationToken cancellationToken
    )
    {
        if (await staging.FindAsync(cancellationToken) is { FirstSequence: { } begun } first)
        {
            (turn, changes) = MoveTo(conversation, turn.TurnId, begun - 1, first.Version - 1);
        }

        TurnSize.Require(turn.Messages, turn.EntryWrites, limits);
        long place = _log.Base;
        TurnReceipt receipt = await SendAsync(
            turn.TurnId,
            changes,
            async () =>
            {
                TurnReceipt appended = await staging.AppendAsync(
                    TurnSize.Parts(turn.Messages, limits),
                    turn.ExpectedVersion,
                    cancellationToken
                );
                return await conversation.CommitAsync(
                    turn with
                    {
                        ExpectedVersion = appended.Version,
                        KeepLast = turn.Messages.Length,
                        Messages = [],
                    },
                    cancellationToken
                );
            }
        );
        return receipt with { FirstSequence = place + 1, LastSequence = place + turn.Messages.Length };
    }
}
