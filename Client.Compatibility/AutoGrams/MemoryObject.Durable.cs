using System.Collections.Immutable;
using OrleansMemory.Client.Compatibility.AutoGrams.Log;
using OrleansMemory.Client.Errors;
using OrleansMemory.Conversations;
using OrleansMemory.Errors;

namespace OrleansMemory.Client.Compatibility.AutoGrams;

public sealed partial class MemoryObject
{
    private Conversation? _conversation;
    private Dictionary<string, string> _storedParts = new(StringComparer.Ordinal);
    private string? _unsettledTurnId;
    private (string TurnId, TurnReceipt Receipt)? _last;

    /// <summary>
    /// Opens the memory of a conversation's program. Where there is none yet, the program has not started: its user globals are the
    /// conversation's, and the defaults for names that the conversation does not have.
    /// </summary>
    /// <param name="conversation">The conversation; it need not exist yet.</param>
    /// <param name="options">Configuration, root function and the types of values; what is left out is taken as stored.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>The memory. Nothing of it is written before <see cref="CommitAsync"/>.</returns>
    /// <exception cref="InvalidRequestException">What is stored is no memory that this version can read.</exception>
    public static async Task<MemoryObject> OpenAsync(
        Conversation conversation,
        MemoryObjectOptions? options = null,
        CancellationToken cancellationToken = default
    )
    {
        ArgumentNullException.ThrowIfNull(conversation);
        return Open(conversation, await conversation.GetSnapshotAsync(cancellationToken), options ?? new MemoryObjectOptions());
    }

    /// <summary>Opens the memory of a conversation's program if it has started.</summary>
    /// <param name="conversation">The conversation.</param>
    /// <param name="options">Configuration, root function and the types of values; what is left out is taken as stored.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>The memory; <see langword="null"/> when the conversation exists and has none.</returns>
    /// <exception cref="ConversationNotFoundException">There is no such conversation, or it has expired.</exception>
    /// <exception cref="InvalidRequestException">What is stored is no memory that this version can read.</exception>
    public static async Task<MemoryObject?> TryOpenAsync(
        Conversation conversation,
        MemoryObjectOptions? options = null,
        CancellationToken cancellationToken = default
    )
    {
        ArgumentNullException.ThrowIfNull(conversation);
        ConversationSnapshot snapshot =
            await conversation.GetSnapshotAsync(cancellationToken) ?? throw new ConversationNotFoundException(conversation.Key);
        return MemoryParts.Exist(snapshot.Entries) ? Open(conversation, snapshot, options ?? new MemoryObjectOptions()) : null;
    }

    /// <summary>
    /// Commits what has changed since the memory was opened or committed last, as one turn: the new turns as messages, the changed parts
    /// and the changed user globals. It is durable when this returns. What a turn writes does not depend on how long the program has been
    /// running.
    /// </summary>
    /// <param name="turnId">
    /// The turn's id; <see langword="null"/> makes a new one, and keeps it for the next attempt when the outcome of this one is unknown.
    /// </param>
    /// <param name="cancellationToken">Ends the wait, not a turn that is already on its way.</param>
    /// <returns>The receipt. When nothing has changed, nothing is sent, and it names the version as it is.</returns>
    /// <exception cref="VersionConflictException">
    /// The conversation has moved on since the memory was opened. Nothing was written; open it again and run the turn again.
    /// </exception>
    /// <exception cref="TurnConflictException">The turn id was used before for something else. Nothing was written.</exception>
    /// <exception cref="PayloadTooLargeException">A part, a message or the whole turn is over its limit. Nothing was written.</exception>
    /// <exception cref="UnserializableValueException">A local or a module global cannot be written. Nothing was written.</exception>
    /// <exception cref="InvalidOperationException">
    /// The memory belongs to no conversation, or code outside of the program is running.
    /// </exception>
    public async Task<TurnReceipt> CommitAsync(string? turnId = null, CancellationToken cancellationToken = default)
    {
        using UseGuard.Use use = Guard.Enter();
        if (_conversation is null)
        {
            throw new InvalidOperationException(
                "This memory belongs to no conversation. Open one with OpenAsync, or give it to one with ReplaceAsync."
            );
        }

        RefuseInExternalCall();
        MemoryChanges changes = MemoryChanges.Find(this, _storedParts);
        if (changes.IsEmpty)
        {
            return _last is { } last && last.TurnId == turnId
                ? last.Receipt with
                {
                    Replayed = true,
                }
                : new TurnReceipt { Version = ConversationVersion };
        }

        string id = turnId ?? _unsettledTurnId ?? Conversation.NewTurnId();
        Conversation conversation = _conversation;
        return await SendAsync(id, changes, () => conversation.CommitAsync(changes.ToTurn(id, ConversationVersion), cancellationToken));
    }

    /// <summary>The parts as they are now.</summary>
    /// <returns>The parts by name, as JSON.</returns>
    internal Dictionary<string, string> WriteParts() => MemoryParts.Write(_state, Config, RootFunction, JsonOptions);

    /// <summary>Chunks of turn lists that are not as they are stored.</summary>
    internal ChunkChanges ChunkChanges() => _state.Chunks.Changes(_state.Lists.Select(list => list.LastChunk));

    /// <summary>The messages of the turn at work.</summary>
    internal ImmutableArray<NewMessage> NewMessages() => [.. _log.Pending.Select(TurnRecordFormat.ToNewMessage)];

    private static MemoryObject Open(Conversation conversation, ConversationSnapshot? snapshot, MemoryObjectOptions options)
    {
        Head? head = snapshot?.Head;
        long last = head?.LastSequence ?? 0;
        Entry[] parts = [.. snapshot?.Entries.Where(entry => entry.Space == EntrySpaces.MemoryObject) ?? []];
        StoredMemory? stored = MemoryParts.Exist(parts)
            ? MemoryParts.Read(parts, head!.FirstSequence, last, ProgramJson.Exact(options.SerializerOptions))
            : null;
        var memory = new MemoryObject(options, stored, new TurnLog(conversation, last))
        {
            _conversation = conversation,
            _storedParts = stored?.Parts ?? new(StringComparer.Ordinal),
            ConversationVersion = head?.Version ?? 0,
        };
        memory.Globals.Load(
            snapshot?.Entries.Where(entry => entry.Space == EntrySpaces.Globals) ?? [],
            stored is null ? UserGlobals.DefaultsOf(memory.RootFunction) : []
        );
        return memory;
    }

    private async Task<TurnReceipt> SendAsync(string turnId, MemoryChanges changes, Func<Task<TurnReceipt>> commit)
    {
        _unsettledTurnId = turnId;
        TurnReceipt receipt;
        try
        {
            receipt = await commit();
        }
        catch (MemoryException failure) when (failure is not (MemoryUnavailableException or MemoryOverloadedException))
        {
            // It was refused, so nothing is left to be found out under this id.
            _unsettledTurnId = null;
            throw;
        }

        _unsettledTurnId = null;
        _last = (turnId, receipt);
        _log.Settle();
        _state.Chunks.Apply(changes.Chunks);
        _storedParts = changes.Parts;
        Globals.Apply(changes.Globals);
        ConversationVersion = receipt.Version;
        return receipt;
    }

    private void RefuseInExternalCall()
    {
        if (IsInExternalCall)
        {
            throw new InvalidOperationException("Code outside of the program is running. Save the memory when it has ended.");
        }
    }
}
