using OrleansMemory.Client.Errors;
using OrleansMemory.Conversations;
using OrleansMemory.Errors;

namespace OrleansMemory.Client.Compatibility.AutoGrams;

public sealed partial class MemoryObject
{
    private const int MaxReplaceAttempts = 8;

    /// <summary>
    /// Gives this memory, which was made or deserialized, to a conversation, in one turn: it takes the place of the program memory, the user globals and the
    /// messages that the conversation has. Sequences go on where they were. Afterwards the memory belongs to the conversation and can be committed.
    /// </summary>
    /// <param name="conversation">The conversation; it need not exist yet.</param>
    /// <param name="turnId">The turn's id; <see langword="null"/> makes a new one.</param>
    /// <param name="expectedVersion">The version that the conversation must have, 0 for none; <see langword="null"/> takes any.</param>
    /// <param name="cancellationToken">Ends the wait, not a turn that is already on its way.</param>
    /// <returns>The receipt.</returns>
    /// <exception cref="VersionConflictException">The conversation does not have the expected version. Nothing was written.</exception>
    /// <exception cref="TurnConflictException">The turn id was used before for something else. Nothing was written.</exception>
    /// <exception cref="PayloadTooLargeException">The memory is larger than one turn may be. Nothing was written.</exception>
    /// <exception cref="UnserializableValueException">A local or a module global cannot be written. Nothing was written.</exception>
    /// <exception cref="InvalidOperationException">The memory belongs to a conversation already, or code outside of the program is running.</exception>
    public async Task<TurnReceipt> ReplaceAsync(
        Conversation conversation, string? turnId = null, long? expectedVersion = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(conversation);
        using UseGuard.Use use = Guard.Enter();
        if (_conversation is not null)
        {
            throw new InvalidOperationException("This memory belongs to a conversation already. Serialize it, and give the copy to another one.");
        }

        RefuseInExternalCall();
        string id = turnId ?? _unsettledTurnId ?? Conversation.NewTurnId();
        long? earlier = null;
        for (int attempt = 1; ; attempt++)
        {
            Head? head = await conversation.GetHeadAsync(cancellationToken);
            try
            {
                TurnReceipt receipt = await ReplaceOnceAsync(
                    conversation, id, earlier ?? head?.LastSequence ?? 0, expectedVersion ?? head?.Version ?? 0, cancellationToken);
                _conversation = conversation;
                return receipt;
            }
            catch (VersionConflictException) when (expectedVersion is null && attempt < MaxReplaceAttempts)
            {
                // Somebody committed between the two calls, and the caller takes any version.
            }
            catch (TurnConflictException) when (earlier is null)
            {
                // Sent again, the same memory would stand at another place of the log. Where it stands if it was this turn, the stored lists know.
                MemoryObject? stored = await TryOpenAsync(conversation, null, cancellationToken);
                if (stored?._state.ModelTurns.First() - 1 is not { } place || place == _log.Base)
                {
                    throw;
                }

                earlier = place;
            }
        }
    }

    private Task<TurnReceipt> ReplaceOnceAsync(
        Conversation conversation, string turnId, long lastSequence, long expectedVersion, CancellationToken cancellationToken)
    {
        _state.Move(lastSequence - _log.Base);
        _log.MoveTo(conversation, lastSequence);
        MemoryChanges changes = MemoryChanges.Find(this, new Dictionary<string, string>(StringComparer.Ordinal));
        Turn turn = changes.ToTurn(turnId, expectedVersion) with
        {
            KeepLast = 0,
            EntryDeletes = [new EntryDelete { Space = EntrySpaces.MemoryObject }, new EntryDelete { Space = EntrySpaces.Globals }],
        };
        return SendAsync(conversation, changes, turn, cancellationToken);
    }
}
