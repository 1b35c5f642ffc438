using System.Threading.Channels;

namespace OrleansMemory.Grains.Storage.Postgres;

/// <summary>Takes from a committer's queue what fits into the next batch, one group of consecutive turns per conversation.</summary>
/// <remarks>A turn that does not continue its conversation's group waits for the next batch, and so do those of its conversation behind it.</remarks>
internal sealed class BatchGathering(ChannelReader<PendingCommit> queue, int maxTurns, long maxBytes)
{
    private Queue<PendingCommit> _heldBack = new();

    /// <summary>Waits for something to write.</summary>
    /// <returns>Whether there is something; <see langword="false"/> at the end.</returns>
    public ValueTask<bool> WaitAsync() => _heldBack.Count > 0 ? ValueTask.FromResult(true) : queue.WaitToReadAsync();

    /// <summary>Takes the next batch. Turns of broken chains are answered on the way.</summary>
    /// <returns>The groups; none when every turn that waited was of a broken chain.</returns>
    public List<CommitGroup> Gather()
    {
        (Queue<PendingCommit> waiting, _heldBack) = (_heldBack, new Queue<PendingCommit>());
        var groups = new Dictionary<long, CommitGroup>();
        var blocked = new HashSet<long>();
        int turns = 0;
        long bytes = 0;
        while (turns < maxTurns && (waiting.TryDequeue(out PendingCommit? next) || queue.TryRead(out next)))
        {
            if (next.Commit.Chain is { Broken: true })
            {
                next.Complete(new CommitResult(CommitStatus.Lost, null));
                continue;
            }

            if (turns > 0 && bytes + next.Bytes > maxBytes)
            {
                _heldBack.Enqueue(next);
                break;
            }

            if (blocked.Contains(next.Commit.StoreId) || !Place(next, groups))
            {
                _heldBack.Enqueue(next);
                blocked.Add(next.Commit.StoreId);
                continue;
            }

            turns++;
            bytes += next.Bytes;
        }

        while (waiting.TryDequeue(out PendingCommit? later))
        {
            _heldBack.Enqueue(later);
        }

        return [.. groups.Values];
    }

    private static bool Place(PendingCommit pending, Dictionary<long, CommitGroup> groups)
    {
        if (groups.TryGetValue(pending.Commit.StoreId, out CommitGroup? group))
        {
            return group.TryAppend(pending);
        }

        groups.Add(pending.Commit.StoreId, new CommitGroup(pending));
        return true;
    }
}
