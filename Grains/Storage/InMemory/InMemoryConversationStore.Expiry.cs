namespace OrleansMemory.Grains.Storage.InMemory;

internal sealed partial class InMemoryConversationStore
{
    /// <inheritdoc />
    public Task<ExpirySweepResult> SweepExpiredAsync(ExpirySweep sweep, CancellationToken cancellationToken) =>
        Locked(
            () =>
            {
                int entries = SweepEntries(sweep);
                List<StoredLife> due =
                [
                    .. _live.Values.Where(life => life.ExpiresAt <= sweep.At && sweep.Share.Has(life.StoreId)).Take(sweep.Limit),
                ];
                HashSet<StoredLife> parents = Parents();
                long messages = 0;
                long owned = 0;
                foreach (StoredLife life in due)
                {
                    (long Messages, long Entries) removed = Expire(life, parents);
                    messages += removed.Messages;
                    owned += removed.Entries;
                }

                return new ExpirySweepResult(due.Count, messages, entries + owned, due.Count == sweep.Limit || entries == sweep.Limit);
            },
            cancellationToken
        );

    /// <inheritdoc />
    public Task<bool> ExpireAsync(long storeId, DateTimeOffset at, CancellationToken cancellationToken) =>
        Locked(
            () =>
            {
                if (!_lives.TryGetValue(storeId, out StoredLife? life) || life.State != LifeState.Live || !(life.ExpiresAt <= at))
                {
                    return false;
                }

                Expire(life, Parents());
                return true;
            },
            cancellationToken
        );

    private (long Messages, long Entries) Expire(StoredLife life, HashSet<StoredLife> parents)
    {
        if (parents.Contains(life))
        {
            Replace(life);
            return (0, 0);
        }

        Drop(life);
        return (life.Messages.Count, life.Entries.Count);
    }

    private int SweepEntries(ExpirySweep sweep)
    {
        List<(StoredLife Life, EntryName Name)> due =
        [
            .. _lives
                .Values.Where(life => sweep.Share.Has(life.StoreId))
                .SelectMany(life => life.Entries.Where(entry => entry.Value.ExpiresAt <= sweep.At).Select(entry => (life, entry.Key)))
                .Take(sweep.Limit),
        ];
        due.ForEach(entry => entry.Life.RemoveEntry(entry.Name));
        return due.Count;
    }

    private HashSet<StoredLife> Parents() => [.. _lives.Values.Where(life => life.Parent is not null).Select(life => life.Parent!)];
}
