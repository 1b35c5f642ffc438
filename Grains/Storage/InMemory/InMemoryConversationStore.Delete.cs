using System.Collections.Immutable;
using OrleansMemory.Conversations;

namespace OrleansMemory.Grains.Storage.InMemory;

internal sealed partial class InMemoryConversationStore
{
    /// <inheritdoc />
    public Task<DeleteResult> DeleteAsync(DeleteCommit deletion, CancellationToken cancellationToken) =>
        Locked(() => Delete(deletion), cancellationToken);

    /// <inheritdoc />
    public Task<bool> IsGoneAsync(ConversationKey key, string turnId, CancellationToken cancellationToken) =>
        Locked(() => _gone.TryGetValue(key, out Dictionary<string, DateTimeOffset>? turns) && turns.ContainsKey(turnId), cancellationToken);

    /// <inheritdoc />
    public Task<bool> IsLifeGoneAsync(ConversationKey key, long storeId, CancellationToken cancellationToken) =>
        IsGoneAsync(key, MarkOf(storeId), cancellationToken);

    /// <inheritdoc />
    public Task MarkGoneAsync(ConversationKey key, string turnId, DateTimeOffset at, CancellationToken cancellationToken) =>
        Locked(
            () =>
            {
                MarkGone(key, turnId, at);
                return true;
            },
            cancellationToken
        );

    private DeleteResult Delete(DeleteCommit deletion)
    {
        (ConversationKey key, DateTimeOffset at) = (deletion.Key, deletion.At);
        bool existed = _live.TryGetValue(key, out StoredLife? live) && !(live.ExpiresAt <= at);
        if (deletion.Check(existed ? live!.Version : null, existed ? live!.CreatedAt : null) is { } untouched)
        {
            return untouched;
        }

        List<StoredLife> targets = [.. _lives.Values.Where(life => life.Key == key && life.State != LifeState.Importing)];
        MarkGone(targets, at);
        _facts?.DeleteOf([key], at);
        (DeleteReceipt removed, ImmutableArray<ConversationKey> cut) = deletion.CutsForks ? Remove(targets) : (RetireOrDrop(targets), []);
        return new DeleteResult(removed with { Existed = existed, ForksCut = cut.Length }, cut);
    }

    // No turn id has a U+0000.
    private static string MarkOf(long storeId) => FormattableString.Invariant($"\0{storeId}");

    private void MarkGone(IEnumerable<StoredLife> lives, DateTimeOffset at)
    {
        foreach (StoredLife life in lives)
        {
            foreach (string turnId in life.Turns.Keys.Append(MarkOf(life.StoreId)))
            {
                MarkGone(life.Key, turnId, at);
            }
        }
    }

    private void MarkGone(ConversationKey key, string turnId, DateTimeOffset at)
    {
        if (!_gone.TryGetValue(key, out Dictionary<string, DateTimeOffset>? turns))
        {
            turns = new Dictionary<string, DateTimeOffset>(StringComparer.Ordinal);
            _gone.Add(key, turns);
        }

        turns[turnId] = turns.TryGetValue(turnId, out DateTimeOffset before) && before > at ? before : at;
    }

    /// <summary>Removes lives and cuts off the forks that shared something with them.</summary>
    /// <returns>What was removed, and the keys of the forks that were cut.</returns>
    private (DeleteReceipt Removed, ImmutableArray<ConversationKey> Cut) Remove(IReadOnlyCollection<StoredLife> targets)
    {
        long copies = ForgetCopies(targets);
        HashSet<StoredLife> cut = [];
        foreach (StoredLife life in targets)
        {
            CutForks(life, long.MaxValue, cut);
        }

        cut.ExceptWith(targets);
        foreach (StoredLife fork in cut)
        {
            fork.Version++;
        }

        DeleteReceipt removed = Count(targets);
        foreach (StoredLife life in targets)
        {
            Drop(life);
        }

        Release(targets);
        return (
            removed with
            {
                Entries = removed.Entries + copies,
            },
            [.. cut.Where(fork => fork.State == LifeState.Live).Select(fork => fork.Key)]
        );
    }

    /// <summary>Removes lives, save for what forks read of them.</summary>
    private DeleteReceipt RetireOrDrop(IReadOnlyCollection<StoredLife> targets)
    {
        HashSet<StoredLife> parents = Parents();
        DeleteReceipt all = Count(targets);
        foreach (StoredLife life in targets)
        {
            if (parents.Contains(life))
            {
                Retire(life);
            }
            else
            {
                Drop(life);
            }
        }

        long left = targets.Where(parents.Contains).Sum(life => (long)life.Messages.Count);
        Release(targets);
        return all with { Messages = all.Messages - left };
    }

    /// <summary>Of a life that forks read from only what they read stays, under no key.</summary>
    private void Retire(StoredLife life)
    {
        long shared = _lives.Values.Where(fork => fork.Parent == life).Max(fork => fork.SharedSequence);
        if (life.State == LifeState.Live)
        {
            Replace(life);
        }

        life.Version++;
        life.Messages.RemoveAll(row => row.Message.Sequence > shared);
        life.FirstSequence = Math.Min(life.FirstSequence, shared + 1);
        life.LastSequence = Math.Min(life.LastSequence, shared);
        life.SharedSequence = Math.Min(life.SharedSequence, shared);
        life.ExpiresAt = null;
        life.Settings = ConversationSettings.Empty with { UserId = life.Settings.UserId };
        life.Entries.Clear();
        life.Copied.Clear();
        life.Turns.Clear();
    }

    /// <summary>Of what lives that went or were retired have read from, and that has no key itself, what is no longer read goes; and so on
    /// up the line.</summary>
    private void Release(IEnumerable<StoredLife> gone)
    {
        foreach (StoredLife life in gone)
        {
            HashSet<StoredLife> parents = Parents();
            for (StoredLife? parent = life.Parent; parent is { State: LifeState.Replaced }; parent = parent.Parent)
            {
                if (parents.Contains(parent))
                {
                    Retire(parent);
                }
                else
                {
                    Drop(parent);
                    parents = Parents();
                }
            }
        }
    }

    private void Drop(StoredLife life)
    {
        _lives.Remove(life.StoreId);
        if (life.State == LifeState.Live)
        {
            _live.Remove(life.Key);
        }
    }

    private static DeleteReceipt Count(IReadOnlyCollection<StoredLife> lives) =>
        new()
        {
            Existed = true,
            Messages = lives.Sum(life => (long)life.Messages.Count),
            Entries = lives.Sum(life => (long)life.Entries.Count),
            Turns = lives.Sum(life => (long)life.Turns.Count),
        };

    /// <summary>Takes from every fork of lives that go what it copied through them and has not written since.</summary>
    private long ForgetCopies(IReadOnlyCollection<StoredLife> targets)
    {
        long forgotten = 0;
        foreach (StoredLife fork in _lives.Values.Where(life => !targets.Contains(life) && LineAbove(life).Any(targets.Contains)))
        {
            HashSet<StoredLife> kept = [fork, .. LineAbove(fork).TakeWhile(parent => !targets.Contains(parent))];
            foreach (EntryName name in fork.Copied.Where(copy => !kept.Contains(copy.Value)).Select(copy => copy.Key).ToList())
            {
                fork.RemoveEntry(name);
                forgotten++;
            }
        }

        return forgotten;
    }

    private static IEnumerable<StoredLife> LineAbove(StoredLife life)
    {
        for (StoredLife? parent = life.Parent; parent is not null; parent = parent.Parent)
        {
            yield return parent;
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
