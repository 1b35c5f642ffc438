using System.Collections.Immutable;
using OrleansMemory.Conversations;

namespace OrleansMemory.Grains.Storage.InMemory;

internal sealed partial class InMemoryConversationStore
{
    /// <inheritdoc />
    public Task<ForkResult> ForkAsync(ForkCommit fork, CancellationToken cancellationToken) => Locked(() => Fork(fork), cancellationToken);

    /// <inheritdoc />
    public Task<DeleteResult> DeleteAsync(DeleteCommit deletion, CancellationToken cancellationToken) =>
        Locked(() => Delete(deletion), cancellationToken);

    private ForkResult Fork(ForkCommit fork)
    {
        ReplaceExpired(fork.Target, fork.At);
        if (_live.TryGetValue(fork.Target, out StoredLife? existing))
        {
            return new ForkResult(ForkStatus.Exists, existing.ToHead(), existing.Parent?.StoreId);
        }

        if (!_lives.TryGetValue(fork.SourceStoreId, out StoredLife? source)
            || source.State != LifeState.Live
            || source.Version != fork.SourceVersion
            || !string.Equals(source.Key.Tenant, fork.Target.Tenant, StringComparison.Ordinal))
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
            }
        }

        _lives.Add(made.StoreId, made);
        _live.Add(made.Key, made);
        return new ForkResult(ForkStatus.Created, made.ToHead(), source.StoreId);
    }

    private DeleteResult Delete(DeleteCommit deletion)
    {
        (ConversationKey key, DateTimeOffset at) = (deletion.Key, deletion.At);
        bool existed = _live.TryGetValue(key, out StoredLife? live) && !(live.ExpiresAt <= at);
        if (deletion.Check(existed ? live!.Version : null, existed ? live!.CreatedAt : null) is { } untouched)
        {
            return untouched;
        }

        List<StoredLife> doomed = [.. _lives.Values.Where(life => life.Key == key && life.State != LifeState.Importing)];
        ImmutableArray<ConversationKey> cut = Remove(doomed);
        _facts?.DeleteOf([key], at);
        var receipt = new DeleteReceipt
        {
            Existed = existed,
            Messages = doomed.Sum(life => (long)life.Messages.Count),
            Entries = doomed.Sum(life => (long)life.Entries.Count),
            Turns = doomed.Sum(life => (long)life.Turns.Count),
            ForksCut = cut.Length,
        };
        return new DeleteResult(receipt, cut);
    }

    /// <summary>Removes lives and cuts off the forks that shared something with them.</summary>
    /// <param name="doomed">The lives.</param>
    /// <returns>The keys of the forks that were cut.</returns>
    private ImmutableArray<ConversationKey> Remove(IReadOnlyCollection<StoredLife> doomed)
    {
        HashSet<StoredLife> cut = [];
        foreach (StoredLife life in doomed)
        {
            CutForks(life, long.MaxValue, cut);
        }

        cut.ExceptWith(doomed);
        foreach (StoredLife fork in cut)
        {
            fork.Version++;
        }

        foreach (StoredLife life in doomed)
        {
            Drop(life);
        }

        return [.. cut.Where(fork => fork.State == LifeState.Live).Select(fork => fork.Key)];
    }

    private void Drop(StoredLife life)
    {
        _lives.Remove(life.StoreId);
        if (life.State == LifeState.Live)
        {
            _live.Remove(life.Key);
        }
    }

    /// <summary>Raises the first sequence of every fork, and of forks of forks, behind what it shares with a life that goes.</summary>
    /// <param name="parent">A life that goes, or a fork that shares something with it.</param>
    /// <param name="shared">The newest sequence that <paramref name="parent"/> shares with the life that goes.</param>
    /// <param name="cut">Every fork that was met.</param>
    private void CutForks(StoredLife parent, long shared, HashSet<StoredLife> cut)
    {
        foreach (StoredLife fork in _lives.Values.Where(life => life.Parent == parent))
        {
            long lost = Math.Min(shared, fork.SharedSequence);
            fork.FirstSequence = Math.Max(fork.FirstSequence, lost + 1);
            cut.Add(fork);
            CutForks(fork, lost, cut);
            if (shared == long.MaxValue)
            {
                fork.Parent = null;
            }
        }
    }
}
