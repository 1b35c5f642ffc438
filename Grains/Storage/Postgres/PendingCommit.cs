namespace OrleansMemory.Grains.Storage.Postgres;

/// <summary>A turn on its way through the pipeline: it waits, is settled once by its committer, and is answered.</summary>
/// <param name="commit">The turn.</param>
/// <param name="bytes">The bytes of its content, in UTF-8.</param>
/// <param name="enqueuedAt">When it came, as a timestamp of the clock.</param>
/// <param name="pipeline">Is told that it waits no more.</param>
/// <param name="share">The room that it takes.</param>
/// <param name="answers">Answers it.</param>
internal sealed class PendingCommit(TurnCommit commit, long bytes, long enqueuedAt, CommitPipeline pipeline, TenantShare share, AnswerQueue answers)
{
    // A grain's continuation is put into the grain's own queue; any other could run here and now, in the way of the turns behind.
    private readonly TaskCompletionSource<CommitResult> _completion = new(
        TaskScheduler.Current == TaskScheduler.Default ? TaskCreationOptions.RunContinuationsAsynchronously : TaskCreationOptions.None);

    private CommitResult _result;
    private Exception? _failure;

    public TurnCommit Commit { get; } = commit;

    public long Bytes { get; } = bytes;

    public long EnqueuedAt { get; } = enqueuedAt;

    /// <summary>Whether an attempt to write it has ended without an answer, so that it may have been written.</summary>
    public bool Attempted { get; set; }

    /// <summary>Whether it is decided what became of it.</summary>
    public bool IsSettled { get; private set; }

    public Task<CommitResult> Completion => _completion.Task;

    /// <summary>Settles it. From here on its chain is broken when it was not committed.</summary>
    /// <param name="result">What became of it.</param>
    public void Complete(CommitResult result)
    {
        _result = result;
        Settle(breaksChain: result.Status != CommitStatus.Committed);
    }

    /// <summary>Settles it, unless that was done already. Its chain is broken.</summary>
    /// <param name="exception">What went wrong.</param>
    public void Fail(Exception exception)
    {
        if (!IsSettled)
        {
            _failure = exception;
            Settle(breaksChain: true);
        }
    }

    /// <summary>Tells the caller.</summary>
    public void Answer()
    {
        if (_failure is null)
        {
            _completion.TrySetResult(_result);
        }
        else
        {
            _completion.TrySetException(_failure);
        }
    }

    private void Settle(bool breaksChain)
    {
        if (breaksChain)
        {
            Commit.Chain?.Break();
        }

        IsSettled = true;
        pipeline.Release(share, Bytes);
        answers.Add(this);
    }
}
