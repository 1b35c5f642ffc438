using System.Diagnostics;
using OrleansMemory.Diagnostics;

namespace OrleansMemory.Grains.Storage.Postgres.Commit;

/// <summary>A turn on its way through the pipeline: it waits, is settled once by its committer, and is answered.</summary>
/// <param name="bytes">The bytes of its content, in UTF-8.</param>
/// <param name="enqueuedAt">When it came, as a timestamp of the clock.</param>
/// <param name="pipeline">Is told that it waits no more.</param>
/// <param name="share">The room that it takes.</param>
internal sealed class PendingCommit(
    TurnCommit commit,
    long bytes,
    long enqueuedAt,
    CommitPipeline pipeline,
    TenantShare share,
    AnswerQueue answers
)
{
    // A grain's continuation is put into the grain's own queue; any other could run here and now, in the way of the turns behind.
    private readonly TaskCompletionSource<CommitResult> _completion = new(
        TaskScheduler.Current == TaskScheduler.Default ? TaskCreationOptions.RunContinuationsAsynchronously : TaskCreationOptions.None
    );

    private CommitResult _result;
    private Exception? _failure;

    // From here to the answer; null where there is no listener.
    private readonly Activity? _activity = StartActivity(commit);

    public TurnCommit Commit { get; } = commit;

    /// <summary>Where the turn stands in its caller's trace; none where there is no listener.</summary>
    public ActivityContext TraceContext => _activity?.Context ?? default;

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

    /// <summary>Says which batch carries it.</summary>
    /// <param name="batch">The batch's activity.</param>
    public void Link(Activity batch) => _activity?.AddLink(new ActivityLink(batch.Context));

    /// <summary>Tells the caller.</summary>
    public void Answer()
    {
        EndActivity();
        if (_failure is null)
        {
            _completion.TrySetResult(_result);
        }
        else
        {
            _completion.TrySetException(_failure);
        }
    }

    private static Activity? StartActivity(TurnCommit commit)
    {
        if (!MemoryActivities.Source.HasListeners())
        {
            return null;
        }

        // It ends elsewhere: it must not stay the current one of the grain's call.
        Activity? around = Activity.Current;
        Activity? activity = MemoryActivities
            .Source.StartActivity(MemoryActivities.CommitTurn)
            ?.SetTag(MemoryActivities.TurnMessages, commit.Messages.Length);
        Activity.Current = around;
        return activity;
    }

    private void EndActivity()
    {
        if (_activity is null)
        {
            return;
        }

        if (_failure is null)
        {
            _activity.SetTag(
                MemoryActivities.Outcome,
                _result.Status switch
                {
                    CommitStatus.Committed => "committed",
                    CommitStatus.Replayed => "replayed",
                    CommitStatus.TurnConflict => "conflict",
                    _ => "lost",
                }
            );
        }
        else
        {
            _activity.Fail(_failure);
        }

        // Its caller's activity would become the current one of this thread.
        Activity? around = Activity.Current;
        _activity.Stop();
        Activity.Current = around;
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
