using System.Diagnostics;
using System.Threading.Channels;
using Microsoft.Extensions.Logging;
using OrleansMemory.Diagnostics;
using OrleansMemory.Errors;
using OrleansMemory.Grains.Diagnostics;

namespace OrleansMemory.Grains.Storage.Postgres.Commit;

/// <summary>Writes the turns of its conversations, one batch after the other.</summary>
/// <remarks>
/// A batch that ends without an answer is sent again: the journal tells which of its turns had been written. A batch that the database
/// refuses is halved until the turn that it is about is alone, so that it fails by itself.
/// </remarks>
internal sealed partial class Committer
{
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(25);

    // Turns that have come meanwhile wait for no more than this.
    private static readonly TimeSpan PrepareBound = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(1);

    private readonly Channel<PendingCommit> _queue = Channel.CreateUnbounded<PendingCommit>(
        new UnboundedChannelOptions { SingleReader = true }
    );
    private readonly BatchWriter _writer;
    private readonly PostgresStorageOptions _options;
    private readonly MemoryInstruments _instruments;
    private readonly ILogger _logger;
    private readonly TimeProvider _timeProvider;
    private readonly BatchGathering _gathering;
    private readonly Task _loop;

    public Committer(
        BatchWriter writer,
        TenantShares shares,
        PostgresStorageOptions options,
        MemoryInstruments instruments,
        ILogger logger,
        TimeProvider timeProvider
    )
    {
        _writer = writer;
        _options = options;
        _instruments = instruments;
        _logger = logger;
        _timeProvider = timeProvider;
        _gathering = new BatchGathering(_queue.Reader, shares, options.MaxBatchTurns, options.MaxBatchBytes);
        _loop = Task.Run(RunAsync);
    }

    /// <summary>Answers the turns that were settled.</summary>
    public AnswerQueue Answers { get; } = new();

    public bool TryAdd(PendingCommit pending) => _queue.Writer.TryWrite(pending);

    public async Task StopAsync()
    {
        _queue.Writer.TryComplete();
        await _loop.ConfigureAwait(false);
        await _writer.DisposeAsync().ConfigureAwait(false);
    }

    private async Task RunAsync()
    {
        // Batches belong to no trace of the start.
        Activity.Current = null;
        await PrepareAsync().ConfigureAwait(false);
        while (await _gathering.WaitAsync().ConfigureAwait(false))
        {
            List<CommitGroup> batch = _gathering.Gather();
            try
            {
                await WriteAsync(batch).ConfigureAwait(false);
            }
            catch (Exception exception)
            {
                // Nothing may end the loop: turns that are still open are answered, and the next batch is tried.
                LogBatchFailed(new RedactedException(exception));
                Fail(batch, new MemoryUnavailableException(PostgresErrors.RetryAfter));
            }
        }
    }

    /// <summary>Prepares for the first batch, which meets what fails here once more and reports it.</summary>
    private async Task PrepareAsync()
    {
        try
        {
            using var bound = new CancellationTokenSource(PrepareBound, _timeProvider);
            await _writer.PrepareAsync(bound.Token).ConfigureAwait(false);
        }
        catch (Exception)
        {
            await _writer.DisconnectAsync().ConfigureAwait(false);
        }
    }

    private async Task WriteAsync(List<CommitGroup> batch)
    {
        TimeSpan pause = FirstPause;
        while (batch.Count > 0)
        {
            long started = _timeProvider.GetTimestamp();
            using Activity? activity = BatchActivity.Start(batch);
            try
            {
                BatchOutcome outcome = await _writer.WriteAsync(batch, CancellationToken.None).ConfigureAwait(false);
                _instruments.OnBatch(batch.Sum(group => group.Turns.Count), _timeProvider.GetElapsedTime(started));
                activity?.Stop();
                Answer(await WriteHeldBackAsync(batch, outcome).ConfigureAwait(false), outcome);
                return;
            }
            catch (Exception exception) when (PostgresErrors.IsAboutValues(exception))
            {
                activity.Fail(exception);
                activity?.Stop();

                // An error in the use that prepares a statement leaves Npgsql 10.0 in doubt about it: the next use would misread the
                // answer.
                await _writer.DisconnectAsync().ConfigureAwait(false);
                await HalveAsync(batch, exception).ConfigureAwait(false);
                return;
            }
            catch (Exception exception)
            {
                activity.Fail(exception);
                activity?.Stop();
                await _writer.DisconnectAsync().ConfigureAwait(false);

                // Without an answer it is unknown whether the batch was committed. It is sent again as it was: a turn that the journal has
                // by then, with the same content, is one that this batch wrote, and its caller is told that it is new.
                MarkAttempted(batch);
                LogBatchRetried(batch.Count, exception.GetType().Name, (exception as Npgsql.PostgresException)?.SqlState);
                if (!PostgresErrors.IsTransient(exception))
                {
                    Fail(batch, StoreFaults.Translate(_logger, exception));
                    return;
                }
            }

            await Task.Delay(pause, _timeProvider).ConfigureAwait(false);
            pause = pause * 2 < LongestPause ? pause * 2 : LongestPause;
            DropLate(batch);
        }
    }

    /// <summary>Writes the two halves one after the other, or fails the only turn.</summary>
    private async Task HalveAsync(List<CommitGroup> batch, Exception exception)
    {
        if (batch.Count == 1 && batch[0].Turns.Count == 1)
        {
            LogTurnRefused(exception.GetType().Name, (exception as Npgsql.PostgresException)?.SqlState);
            PendingCommit refused = batch[0].Turns[0];
            refused.Fail(StoreFaults.Translate(_logger, exception, () => StorableData.Check(refused.Commit)));
            return;
        }

        LogBatchSplit(batch.Count);
        (List<CommitGroup> first, List<CommitGroup> second) = (batch[..(batch.Count / 2)], batch[(batch.Count / 2)..]);
        if (batch.Count == 1)
        {
            (CommitGroup a, CommitGroup b) = batch[0].SplitAfter(batch[0].Turns.Count / 2);
            (first, second) = ([a], [b]);
        }

        await WriteAsync(first).ConfigureAwait(false);
        LoseBroken(second);
        await WriteAsync(second).ConfigureAwait(false);
    }

    /// <summary>A known turn keeps those behind it from being written, not those before it: they are written by themselves.</summary>
    /// <returns>The batch without them.</returns>
    private async Task<List<CommitGroup>> WriteHeldBackAsync(List<CommitGroup> batch, BatchOutcome outcome)
    {
        if (!outcome.HasKnown)
        {
            return batch;
        }

        var heldBack = new List<CommitGroup>();
        var others = new List<CommitGroup>(batch.Count);
        foreach (CommitGroup group in batch)
        {
            int count = outcome.HeldBackByKnown(group);
            (CommitGroup? first, CommitGroup rest) = count > 0 ? group.SplitAfter(count) : (null, group);
            others.Add(rest);
            if (first is not null)
            {
                heldBack.Add(first);
            }
        }

        await WriteAsync(heldBack).ConfigureAwait(false);
        return others;
    }

    private void Answer(List<CommitGroup> batch, BatchOutcome outcome)
    {
        int committed = 0;
        foreach (CommitGroup group in batch)
        {
            foreach (PendingCommit turn in group.Turns)
            {
                CommitResult result = outcome.Of(group, turn);
                switch (result.Status)
                {
                    case CommitStatus.Committed:
                        committed++;
                        break;
                    case CommitStatus.Replayed:
                        _instruments.OnReplayed();
                        break;
                    case CommitStatus.Lost:
                        _instruments.OnLost();
                        break;
                }

                turn.Complete(result);
            }
        }

        _instruments.OnCommitted(committed);
    }

    private void DropLate(List<CommitGroup> batch)
    {
        foreach (CommitGroup group in batch)
        {
            if (_timeProvider.GetElapsedTime(group.Turns[0].EnqueuedAt) >= _options.CommitTimeout)
            {
                Fail([group], new MemoryUnavailableException(PostgresErrors.RetryAfter));
            }
        }

        batch.RemoveAll(group => group.Turns[0].IsSettled);
    }

    private static void LoseBroken(List<CommitGroup> batch)
    {
        foreach (CommitGroup group in batch.Where(group => group.First.Chain is { Broken: true }))
        {
            foreach (PendingCommit turn in group.Turns)
            {
                turn.Complete(new CommitResult(CommitStatus.Lost, null));
            }
        }

        batch.RemoveAll(group => group.Turns[0].IsSettled);
    }

    private static void MarkAttempted(List<CommitGroup> batch)
    {
        foreach (PendingCommit turn in batch.SelectMany(group => group.Turns))
        {
            turn.Attempted = true;
        }
    }

    private static void Fail(List<CommitGroup> batch, Exception exception)
    {
        foreach (PendingCommit turn in batch.SelectMany(group => group.Turns))
        {
            turn.Fail(exception);
        }
    }
}
