using OrleansMemory.Conversations;

namespace OrleansMemory.Grains.Storage.InMemory;

internal sealed partial class InMemoryConversationStore
{
    /// <inheritdoc />
    public Task<ForkResult> ForkAsync(ForkCommit fork, CancellationToken cancellationToken) => Locked(() => Fork(fork), cancellationToken);

    private ForkResult Fork(ForkCommit fork)
    {
        ReplaceExpired(fork.Target, fork.At);
        if (_live.TryGetValue(fork.Target, out StoredLife? existing))
        {
            return new ForkResult(ForkStatus.Exists, existing.ToHead(), existing.Parent?.StoreId);
        }

        if (
            !_lives.TryGetValue(fork.SourceStoreId, out StoredLife? source)
            || source.State != LifeState.Live
            || source.Version != fork.SourceVersion
            || !string.Equals(source.Key.Tenant, fork.Target.Tenant, StringComparison.Ordinal)
        )
        {
            return new ForkResult(ForkStatus.Lost, null, null);
        }

        var made = new StoredLife(++_lastStoreId, fork.Target, source.Settings)
        {
            Version = 1,
            FirstSequence = source.FirstSequence,
            LastSequence = fork.AtSequence,
            CreatedAt = fork.At,
            UpdatedAt = fork.At,
            ExpiresAt = fork.ExpiresAt,
            Parent = source,
            SharedSequence = fork.AtSequence,
        };
        foreach ((EntryName name, Entry entry) in source.Entries)
        {
            if (!(entry.ExpiresAt <= fork.At))
            {
                made.Entries.Add(name, entry);
                made.Copied.Add(name, source.Copied.GetValueOrDefault(name, source));
            }
        }

        _lives.Add(made.StoreId, made);
        _live.Add(made.Key, made);
        return new ForkResult(ForkStatus.Created, made.ToHead(), source.StoreId);
    }
}
