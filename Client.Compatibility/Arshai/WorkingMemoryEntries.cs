using System.Collections.Immutable;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using OrleansMemory.Client.Retries;
using OrleansMemory.Conversations;
using OrleansMemory.Errors;

namespace OrleansMemory.Client.Compatibility.Arshai;

/// <summary>
/// The memories of one conversation: entries of the space <see cref="EntrySpaces.WorkingMemory"/>, one per kind. Instants in their values
/// are for people; whether one can be read is up to the grain's clock alone.
/// </summary>
/// <param name="conversation">The conversation.</param>
/// <param name="time">The clock of the instants in values.</param>
public sealed class WorkingMemoryEntries(Conversation conversation, TimeProvider time)
{
    // Only another writer of the same memory makes an attempt vain, and each time its own succeeds.
    private const int MaxAttempts = 1_000;

    /// <summary>Stores a memory in place of the one there was.</summary>
    /// <param name="type">The kind.</param>
    /// <param name="text">The text.</param>
    /// <param name="metadata">The caller's properties, a JSON object; <see langword="null"/> for none.</param>
    /// <param name="timeToLive">How long it lives; <see langword="null"/> without end.</param>
    /// <param name="turnId">The turn's id; <see langword="null"/> makes a new one.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>The receipt.</returns>
    public Task<TurnReceipt> PutAsync(
        ConversationMemoryType type,
        string text,
        string? metadata,
        TimeSpan? timeToLive,
        string? turnId,
        CancellationToken cancellationToken
    )
    {
        string name = type.ToName();
        var write = new EntryWrite
        {
            Space = EntrySpaces.WorkingMemory,
            Key = name,
            Value = WorkingMemoryValue.New(text, metadata, time.GetUtcNow()).ToJson(),
            TimeToLive = timeToLive,
        };
        return conversation.CommitAsync(
            new Turn
            {
                TurnId = turnId ?? Conversation.NewTurnId(),
                EntryWrites = [write],
                Fingerprint = Fingerprint(turnId, "put", name, text, metadata, timeToLive?.Ticks.ToString(CultureInfo.InvariantCulture)),
            },
            cancellationToken
        );
    }

    /// <summary>Reads a memory.</summary>
    /// <param name="type">The kind.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>Its entry; <see langword="null"/> when there is none.</returns>
    /// <exception cref="ConversationNotFoundException">There is no such conversation, or it has expired.</exception>
    public async Task<Entry?> FindAsync(ConversationMemoryType type, CancellationToken cancellationToken)
    {
        Entry? entry = await conversation.GetEntryAsync(EntrySpaces.WorkingMemory, type.ToName(), cancellationToken);
        await (entry is null ? RequireConversationAsync(cancellationToken) : Task.CompletedTask);
        return entry;
    }

    /// <summary>Reads all memories.</summary>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>Their entries, with the kind of each.</returns>
    /// <exception cref="ConversationNotFoundException">There is no such conversation, or it has expired.</exception>
    public async Task<IReadOnlyList<(ConversationMemoryType Type, Entry Entry)>> ListAsync(CancellationToken cancellationToken)
    {
        ImmutableArray<Entry> entries = await conversation.GetEntriesAsync(EntrySpaces.WorkingMemory, cancellationToken);
        await (entries.IsEmpty ? RequireConversationAsync(cancellationToken) : Task.CompletedTask);
        return
        [
            .. ConversationMemoryTypes
                .All.Select(type => (Type: type, Entry: entries.FirstOrDefault(entry => IsOf(entry, type))))
                .Where(found => found.Entry is not null)
                .Select(found => (found.Type, found.Entry!)),
        ];
    }

    /// <summary>Replaces the text of a memory; its metadata, its first instant and its expiry stay.</summary>
    /// <param name="type">The kind.</param>
    /// <param name="text">The text.</param>
    /// <param name="turnId">The turn's id; <see langword="null"/> makes a new one.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>The receipt; <see langword="null"/> when there is no such memory.</returns>
    /// <exception cref="ConversationNotFoundException">There is no such conversation, or it has expired.</exception>
    public Task<TurnReceipt?> UpdateAsync(ConversationMemoryType type, string text, string? turnId, CancellationToken cancellationToken)
    {
        string name = type.ToName();
        var turn = new Turn { TurnId = turnId ?? Conversation.NewTurnId(), Fingerprint = Fingerprint(turnId, "update", name, text) };
        return CommitAsync(
            snapshot =>
            {
                Entry? entry = snapshot.Entries.FirstOrDefault(entry => IsOf(entry, type));
                WorkingMemoryValue? value = entry is null ? null : WorkingMemoryValue.Read(entry.Value).With(text, time.GetUtcNow());
                var write = new EntryWrite
                {
                    Space = EntrySpaces.WorkingMemory,
                    Key = name,
                    Value = value?.ToJson() ?? "null",
                    KeepsExpiry = true,
                };

                // Of a memory that is gone only an earlier answer to the same turn id can be given: no conversation has this version.
                return value is not null || turnId is not null
                    ? turn with
                    {
                        EntryWrites = [write],
                        ExpectedVersion = value is null ? long.MaxValue : null,
                        Conditions = entry is null ? [] : [TurnCondition.EntryHasValue(EntrySpaces.WorkingMemory, name, entry.Value)],
                    }
                    : null;
            },
            cancellationToken
        );
    }

    /// <summary>Removes a memory. Removing what is not there is no error.</summary>
    /// <param name="type">The kind.</param>
    /// <param name="turnId">The turn's id; <see langword="null"/> makes a new one.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>The receipt.</returns>
    /// <exception cref="ConversationNotFoundException">There is no such conversation, or it has expired.</exception>
    public Task<TurnReceipt> DeleteAsync(ConversationMemoryType type, string? turnId, CancellationToken cancellationToken) =>
        conversation.DeleteEntryAsync(EntrySpaces.WorkingMemory, type.ToName(), turnId, cancellationToken);

    /// <summary>Removes for good what has expired.</summary>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>A task that ends when it is removed.</returns>
    /// <exception cref="ConversationNotFoundException">There is no such conversation, or it has expired.</exception>
    public Task ClearExpiredAsync(CancellationToken cancellationToken) =>
        CommitAsync(
            snapshot =>
            {
                // What cannot be seen has expired or never was; the conditions make sure that none of it is stored meanwhile.
                ImmutableArray<EntryDelete> unseen =
                [
                    .. ConversationMemoryTypes
                        .All.Where(type => !snapshot.Entries.Any(entry => IsOf(entry, type)))
                        .Select(type => new EntryDelete { Space = EntrySpaces.WorkingMemory, Key = type.ToName() }),
                ];
                return unseen.IsEmpty
                    ? null
                    : new Turn
                    {
                        TurnId = Conversation.NewTurnId(),
                        EntryDeletes = unseen,
                        MustExist = true,
                        Conditions = [.. unseen.Select(delete => TurnCondition.EntryAbsent(delete.Space, delete.Key!))],
                    };
            },
            cancellationToken
        );

    /// <summary>
    /// Commits a turn that is made of what is there, and makes it anew when another one has written the same memories in between.
    /// </summary>
    private async Task<TurnReceipt?> CommitAsync(Func<ConversationSnapshot, Turn?> make, CancellationToken cancellationToken)
    {
        var retry = new VersionRetry(conversation.Time, MaxAttempts);
        return await retry.ExecuteAsync(token => CommitOnceAsync(make, token), cancellationToken);
    }

    private async Task<TurnReceipt?> CommitOnceAsync(Func<ConversationSnapshot, Turn?> make, CancellationToken cancellationToken)
    {
        ConversationSnapshot snapshot =
            await conversation.GetSnapshotAsync(cancellationToken) ?? throw new ConversationNotFoundException(conversation.Key);
        if (make(snapshot) is not { } turn)
        {
            return null;
        }

        try
        {
            return await conversation.CommitAsync(turn, cancellationToken);
        }
        catch (VersionConflictException) when (turn.ExpectedVersion == long.MaxValue)
        {
            return null;
        }
    }

    private static bool IsOf(Entry entry, ConversationMemoryType type) =>
        string.Equals(entry.Space, EntrySpaces.WorkingMemory, StringComparison.Ordinal)
        && string.Equals(entry.Key, type.ToName(), StringComparison.Ordinal);

    private async Task RequireConversationAsync(CancellationToken cancellationToken) =>
        _ = await conversation.GetHeadAsync(cancellationToken) ?? throw new ConversationNotFoundException(conversation.Key);

    // The instants in a value differ each time it is made, so a turn that is asked for again is known by the request.
    private static string? Fingerprint(string? turnId, params string?[] request) =>
        turnId is null
            ? null
            : "working-memory:"
                + Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(ValueFormat.Default.Write(request, "text"))));
}
