namespace OrleansMemory.Grains.Storage.Postgres;

/// <summary>A turn on its way through the pipeline.</summary>
/// <param name="commit">The turn.</param>
/// <param name="bytes">The bytes of its content, in UTF-8.</param>
/// <param name="enqueuedAt">When it came, as a timestamp of the clock.</param>
internal sealed class PendingCommit(TurnCommit commit, long bytes, long enqueuedAt)
{
    private readonly TaskCompletionSource<CommitResult> _completion = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public TurnCommit Commit { get; } = commit;

    public long Bytes { get; } = bytes;

    public long EnqueuedAt { get; } = enqueuedAt;

    /// <summary>Whether an attempt to write it has ended without an answer, so that it may have been written.</summary>
    public bool Attempted { get; set; }

    public Task<CommitResult> Completion => _completion.Task;

    public void Complete(CommitResult result)
    {
        if (result.Status != CommitStatus.Committed)
        {
            Commit.Chain?.Break();
        }

        _completion.TrySetResult(result);
    }

    public void Fail(Exception exception)
    {
        Commit.Chain?.Break();
        _completion.TrySetException(exception);
    }
}
