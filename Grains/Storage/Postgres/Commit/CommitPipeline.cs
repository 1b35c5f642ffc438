using Microsoft.Extensions.Logging;
using Npgsql;
using OrleansMemory.Errors;
using OrleansMemory.Grains.Diagnostics;
using OrleansMemory.Grains.Text;

namespace OrleansMemory.Grains.Storage.Postgres.Commit;

/// <summary>
/// Group commit. Turns gather while the batch before them is being written; a few committers write them, each on a connection of its own,
/// and a conversation always goes to the same committer. What waits is bounded: past the bound callers are refused at once.
/// </summary>
internal sealed class CommitPipeline : IAsyncDisposable
{
    private static readonly TimeSpan OverloadRetryAfter = TimeSpan.FromMilliseconds(250);

    private readonly TenantShares _shares;
    private readonly MemoryInstruments _instruments;
    private readonly TimeProvider _timeProvider;
    private readonly Committer[] _committers;
    private volatile bool _stopped;

    public CommitPipeline(
        NpgsqlDataSource dataSource,
        PostgresStorageOptions options,
        MemoryInstruments instruments,
        ILoggerFactory loggers,
        TimeProvider timeProvider
    )
    {
        _shares = new TenantShares(options, timeProvider);
        _instruments = instruments;
        _timeProvider = timeProvider;
        ILogger logger = loggers.CreateLogger<CommitPipeline>();
        _committers = new Committer[options.Committers];
        for (int i = 0; i < _committers.Length; i++)
        {
            _committers[i] = new Committer(new BatchWriter(dataSource), _shares, options, instruments, logger, timeProvider);
        }
    }

    /// <summary>Hands a turn over and waits until it is durable or has failed.</summary>
    /// <param name="cancellationToken">Ends the wait; the turn may be written all the same.</param>
    /// <returns>What became of it.</returns>
    /// <exception cref="MemoryOverloadedException">Too much is waiting; the turn was not taken.</exception>
    /// <exception cref="MemoryUnavailableException">The database did not answer in time, or the pipeline has stopped.</exception>
    /// <exception cref="InvalidRequestException">The database refused the data of this turn.</exception>
    public Task<CommitResult> CommitAsync(TurnCommit commit, CancellationToken cancellationToken)
    {
        if (cancellationToken.IsCancellationRequested)
        {
            return Task.FromCanceled<CommitResult>(cancellationToken);
        }

        try
        {
            return Enqueue(commit).WaitAsync(cancellationToken);
        }
        catch (MemoryException exception)
        {
            return Task.FromException<CommitResult>(exception);
        }
    }

    /// <summary>Makes room: a turn has been settled.</summary>
    /// <param name="share">The room that it took.</param>
    /// <param name="bytes">The bytes of its content.</param>
    public void Release(TenantShare share, long bytes)
    {
        _shares.Release(share, bytes);
        _instruments.OnQueued(-1);
    }

    /// <summary>Takes no more turns, and writes those that wait.</summary>
    /// <returns>A task that ends when the last one has been settled.</returns>
    public async ValueTask DisposeAsync()
    {
        _stopped = true;
        await Task.WhenAll(_committers.Select(committer => committer.StopAsync())).ConfigureAwait(false);
    }

    private Task<CommitResult> Enqueue(TurnCommit commit)
    {
        long bytes = SizeOf(commit);
        TenantShare share = Take(commit.Key.Tenant, bytes);
        Committer committer = _committers[(int)((ulong)commit.StoreId % (ulong)_committers.Length)];
        var pending = new PendingCommit(commit, bytes, _timeProvider.GetTimestamp(), this, share, committer.Answers);
        if (!committer.TryAdd(pending))
        {
            Release(share, bytes);
            throw new MemoryUnavailableException(PostgresErrors.RetryAfter);
        }

        return pending.Completion;
    }

    private static long SizeOf(TurnCommit commit)
    {
        long bytes = 0;
        foreach (MessageRow row in commit.Messages)
        {
            bytes += row.Bytes;
        }

        foreach (OrleansMemory.Conversations.Entry entry in commit.EntryWrites)
        {
            bytes += Utf8Size.Of(entry);
        }

        return bytes;
    }

    private TenantShare Take(string tenant, long bytes)
    {
        if (_stopped)
        {
            throw new MemoryUnavailableException(PostgresErrors.RetryAfter);
        }

        if (_shares.TryTake(tenant, bytes) is not { } share)
        {
            _instruments.OnRefused();
            throw new MemoryOverloadedException(OverloadRetryAfter);
        }

        _instruments.OnQueued(1);
        return share;
    }
}
