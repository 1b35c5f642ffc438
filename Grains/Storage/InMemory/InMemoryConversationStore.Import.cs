using OrleansMemory.Conversations;
using OrleansMemory.Errors;

namespace OrleansMemory.Grains.Storage.InMemory;

internal sealed partial class InMemoryConversationStore
{
    /// <inheritdoc />
    public Task BeginImportAsync(ImportCommit import, CancellationToken cancellationToken) =>
        Locked(
            () =>
            {
                StorableData.Check(import.Settings);
                StorableData.Check(import.Entries);
                var life = new StoredLife(import.StoreId, import.Key, import.Settings)
                {
                    State = LifeState.Importing,
                    FirstSequence = import.FirstSequence,
                    LastSequence = import.FirstSequence - 1,
                    AnnouncedSequence = import.LastSequence,
                    CreatedAt = import.At,
                    UpdatedAt = import.At,
                    ExpiresAt = import.ExpiresAt,
                };
                foreach (Entry entry in import.Entries)
                {
                    life.Entries.Add(new EntryName(entry.Space, entry.Key), entry);
                }

                _lives.Add(life.StoreId, life);
                return life;
            },
            cancellationToken
        );

    /// <inheritdoc />
    public Task<long> AppendImportAsync(
        ConversationKey key,
        long storeId,
        IReadOnlyList<MessageRow> messages,
        CancellationToken cancellationToken
    ) =>
        Locked(
            () =>
            {
                StoredLife life = FindImport(key, storeId);
                if (life.State != LifeState.Importing)
                {
                    throw new ImportNotFoundException();
                }

                if (messages.Count > 0 && messages[^1].Message.Sequence > life.AnnouncedSequence)
                {
                    throw ImportRules.BeyondAnnounced(life.FirstSequence, life.AnnouncedSequence);
                }

                if (messages.Count > 0 && messages[0].Message.Sequence == life.LastSequence + 1)
                {
                    StorableData.Check(messages);
                    life.Messages.AddRange(messages);
                    life.LastSequence = messages[^1].Message.Sequence;
                }

                return life.LastSequence;
            },
            cancellationToken
        );

    /// <inheritdoc />
    public Task<ImportStatus> CompleteImportAsync(
        ConversationKey key,
        long storeId,
        DateTimeOffset at,
        CancellationToken cancellationToken
    ) =>
        Locked(
            () =>
            {
                StoredLife life = FindImport(key, storeId);
                if (life.State != LifeState.Importing)
                {
                    return life.State == LifeState.Live ? ImportStatus.Completed : throw new ImportNotFoundException();
                }

                if (life.LastSequence != life.AnnouncedSequence)
                {
                    return ImportStatus.Incomplete;
                }

                ReplaceExpired(key, at);
                return _live.TryAdd(key, life) ? Publish(life, at) : ImportStatus.Exists;
            },
            cancellationToken
        );

    private static ImportStatus Publish(StoredLife life, DateTimeOffset at)
    {
        life.State = LifeState.Live;
        life.Version = 1;
        life.CreatedAt = at;
        life.UpdatedAt = at;
        life.ExpiresAt ??= at + life.Settings.TimeToLive?.Duration;
        return ImportStatus.Completed;
    }

    private StoredLife FindImport(ConversationKey key, long storeId) =>
        _lives.TryGetValue(storeId, out StoredLife? life) && life.Key == key ? life : throw new ImportNotFoundException();
}
