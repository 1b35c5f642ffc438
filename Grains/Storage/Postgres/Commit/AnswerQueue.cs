using System.Collections.Concurrent;

namespace OrleansMemory.Grains.Storage.Postgres.Commit;

/// <summary>
/// Answers turns beside the committer that has settled them, so that it goes on with the next batch at once. Turns are answered one after
/// the other, in the order in which they were settled: who hears of a turn finds the ones before it answered.
/// </summary>
internal sealed class AnswerQueue : IThreadPoolWorkItem
{
    private readonly ConcurrentQueue<PendingCommit> _settled = new();
    private int _running;

    /// <summary>Takes a settled turn.</summary>
    public void Add(PendingCommit pending)
    {
        _settled.Enqueue(pending);
        if (Interlocked.CompareExchange(ref _running, 1, 0) == 0)
        {
            ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
        }
    }

    void IThreadPoolWorkItem.Execute()
    {
        do
        {
            while (_settled.TryDequeue(out PendingCommit? pending))
            {
                pending.Answer();
            }

            // A full fence: the emptiness asked for next must not be older than this.
            Interlocked.Exchange(ref _running, 0);
        } while (!_settled.IsEmpty && Interlocked.CompareExchange(ref _running, 1, 0) == 0);
    }
}
