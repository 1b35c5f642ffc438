using System.Collections.Concurrent;

namespace OrleansMemory.Grains.Storage.Postgres.Commit;

/// <summary>How much of the pipeline every tenant takes, and whether tenants share it.</summary>
/// <param name="options">The bounds of the pipeline.</param>
/// <param name="timeProvider">Tells how long ago another tenant sent a turn.</param>
internal sealed class TenantShares(PostgresStorageOptions options, TimeProvider timeProvider)
{
    private const int MaxKnown = 10_000;

    // One that sends a turn now and then is not to find the pipeline full of another's turns each time.
    private static readonly TimeSpan Remembered = TimeSpan.FromSeconds(10);

    private readonly ConcurrentDictionary<string, TenantShare> _shares = new(StringComparer.Ordinal);
    private TenantShare? _last;
    private long _turns;
    private long _bytes;
    private long _sharedAt;
    private volatile bool _wereShared;

    /// <summary>Whether more than one tenant has sent turns within the last ten seconds.</summary>
    public bool AreShared => _wereShared && timeProvider.GetElapsedTime(Interlocked.Read(ref _sharedAt)) < Remembered;

    /// <summary>Takes room for a turn. A tenant that is not alone may have half of what there is.</summary>
    /// <param name="bytes">The bytes of its content.</param>
    /// <returns>What is to be given back; <see langword="null"/> where there is no room.</returns>
    public TenantShare? TryTake(string tenant, long bytes)
    {
        TenantShare share = Find(tenant);
        TenantShare? last = _last;
        if (!ReferenceEquals(last, share))
        {
            // Two that come at once may both miss the other; one of their next turns does not.
            _last = share;
            if (last is not null)
            {
                Interlocked.Exchange(ref _sharedAt, timeProvider.GetTimestamp());
                _wereShared = true;
            }
        }

        (long turns, long total) = (Interlocked.Increment(ref _turns), Interlocked.Add(ref _bytes, bytes));
        (long own, long ownBytes) = share.Add(1, bytes);
        if (
            turns <= options.MaxQueuedTurns
            && (total <= options.MaxQueuedBytes || turns == 1)
            && (!AreShared || (own <= Math.Max(1, options.MaxQueuedTurns / 2) && (ownBytes <= options.MaxQueuedBytes / 2 || own == 1)))
        )
        {
            return share;
        }

        Release(share, bytes);
        return null;
    }

    /// <summary>Gives room back.</summary>
    /// <param name="bytes">The bytes of the turn's content.</param>
    public void Release(TenantShare share, long bytes)
    {
        Interlocked.Decrement(ref _turns);
        Interlocked.Add(ref _bytes, -bytes);
        share.Add(-1, -bytes);
    }

    private TenantShare Find(string tenant)
    {
        if (_shares.TryGetValue(tenant, out TenantShare? known))
        {
            return known;
        }

        if (_shares.Count >= MaxKnown)
        {
            // A turn that is on its way gives back to the share it took from; for a moment that tenant has two.
            _shares.Clear();
        }

        return _shares.GetOrAdd(tenant, static _ => new TenantShare());
    }
}

/// <summary>What one tenant has in the pipeline.</summary>
internal sealed class TenantShare
{
    private long _turns;
    private long _bytes;

    /// <summary>Adds turns.</summary>
    /// <param name="turns">How many; less than 0 when they have been settled.</param>
    /// <param name="bytes">The bytes of their content.</param>
    /// <returns>What there is now.</returns>
    public (long Turns, long Bytes) Add(long turns, long bytes) => (Interlocked.Add(ref _turns, turns), Interlocked.Add(ref _bytes, bytes));
}
