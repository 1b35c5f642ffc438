using System.Threading.Channels;

namespace OrleansMemory.Grains.Storage.Postgres.Commit;

/// <summary>
/// Takes from a committer's queue what fits into the next batch, one group of consecutive turns per conversation, and from every tenant its
/// share.
/// </summary>
/// <remarks>
/// A turn that does not continue its conversation's group waits for the next batch, and so do those of its conversation behind it. Where
/// tenants share the pipeline a batch has few turns of each: a turn then waits for few turns of others, however many of these there are.
/// </remarks>
/// <param name="queue">What comes.</param>
/// <param name="shares">Tells whether tenants share the pipeline.</param>
/// <param name="maxTurns">The most turns of a batch.</param>
/// <param name="maxBytes">The most bytes of a batch; a larger turn makes one of its own.</param>
internal sealed class BatchGathering(ChannelReader<PendingCommit> queue, TenantShares shares, int maxTurns, long maxBytes)
{
    // What a tenant waits for while another one floods is mostly two batches: with 4 turns each its 99th percentile is 3 times that of a
    // quiet silo, with 16 it is 10 times (benchmark flood).
    private const int SharedTurns = 4;
    private const long SharedBytes = 256 * 1024;

    private readonly Dictionary<string, TenantQueue> _queues = new(StringComparer.Ordinal);

    // Who is next comes first.
    private readonly LinkedList<TenantQueue> _order = new();

    /// <summary>Waits for something to write.</summary>
    /// <returns>Whether there is something; <see langword="false"/> at the end.</returns>
    public ValueTask<bool> WaitAsync() => _order.Count > 0 ? ValueTask.FromResult(true) : queue.WaitToReadAsync();

    /// <summary>Takes the next batch. Turns of broken chains are answered on the way.</summary>
    /// <returns>The groups; none when every turn that waited was of a broken chain.</returns>
    public List<CommitGroup> Gather()
    {
        while (queue.TryRead(out PendingCommit? came))
        {
            Sort(came);
        }

        var batch = new Batch(maxTurns, maxBytes);
        bool isShared = shares.AreShared;
        for (int left = _order.Count; left > 0 && !batch.IsFull; left--)
        {
            LinkedListNode<TenantQueue> next = _order.First!;
            next.Value.MoveTo(batch, isShared ? SharedTurns : int.MaxValue, isShared ? SharedBytes : long.MaxValue);
            _order.RemoveFirst();
            if (next.Value.IsEmpty)
            {
                _queues.Remove(next.Value.Tenant);
            }
            else
            {
                _order.AddLast(next);
            }
        }

        return batch.Groups;
    }

    private void Sort(PendingCommit pending)
    {
        string tenant = pending.Commit.Key.Tenant;
        if (!_queues.TryGetValue(tenant, out TenantQueue? waiting))
        {
            _queues.Add(tenant, waiting = new TenantQueue(tenant));
            _order.AddLast(waiting);
        }

        waiting.Add(pending);
    }

    /// <summary>A batch that is being put together.</summary>
    private sealed class Batch(int maxTurns, long maxBytes)
    {
        private readonly Dictionary<long, CommitGroup> _groups = [];
        private readonly HashSet<long> _blocked = [];
        private long _bytes;

        public List<CommitGroup> Groups => [.. _groups.Values];

        public int Turns { get; private set; }

        /// <summary>Whether it takes no more.</summary>
        public bool IsFull { get; private set; }

        /// <summary>Takes a turn in.</summary>
        /// <returns>Whether it was taken; else it waits for the next batch.</returns>
        public bool TryAdd(PendingCommit pending)
        {
            if (Turns > 0 && _bytes + pending.Bytes > maxBytes)
            {
                IsFull = true;
                return false;
            }

            if (_blocked.Contains(pending.Commit.StoreId) || !Place(pending))
            {
                _blocked.Add(pending.Commit.StoreId);
                return false;
            }

            _bytes += pending.Bytes;
            IsFull = ++Turns >= maxTurns;
            return true;
        }

        private bool Place(PendingCommit pending)
        {
            if (_groups.TryGetValue(pending.Commit.StoreId, out CommitGroup? group))
            {
                return group.TryAppend(pending);
            }

            _groups.Add(pending.Commit.StoreId, new CommitGroup(pending));
            return true;
        }
    }

    /// <summary>What waits of one tenant, in the order in which it came.</summary>
    private sealed class TenantQueue(string tenant)
    {
        private readonly Queue<PendingCommit> _fresh = new();
        private Queue<PendingCommit> _heldBack = new();

        // Empty but while a batch is put together.
        private Queue<PendingCommit> _waiting = new();

        public string Tenant => tenant;

        public bool IsEmpty => _heldBack.Count == 0 && _fresh.Count == 0;

        public void Add(PendingCommit pending) => _fresh.Enqueue(pending);

        /// <summary>Moves at most so many turns and bytes of the tenant to a batch; one larger turn is taken.</summary>
        public void MoveTo(Batch batch, int turns, long bytes)
        {
            (_waiting, _heldBack) = (_heldBack, _waiting);
            while (turns > 0 && bytes > 0 && !batch.IsFull && (_waiting.TryDequeue(out PendingCommit? next) || _fresh.TryDequeue(out next)))
            {
                if (next.Commit.Chain is { Broken: true })
                {
                    next.Complete(new CommitResult(CommitStatus.Lost, null));
                }
                else if (batch.TryAdd(next))
                {
                    turns--;
                    bytes -= next.Bytes;
                }
                else
                {
                    _heldBack.Enqueue(next);
                }
            }

            while (_waiting.TryDequeue(out PendingCommit? later))
            {
                _heldBack.Enqueue(later);
            }
        }
    }
}
