using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Orleans.Concurrency;
using OrleansMemory.Conversations;
using OrleansMemory.Errors;
using OrleansMemory.Grains.Auditing;
using OrleansMemory.Grains.Clocks;
using OrleansMemory.Grains.Diagnostics;
using OrleansMemory.Grains.Hosting;
using OrleansMemory.Grains.Storage;
using OrleansMemory.Grains.Tenants;
using OrleansMemory.Grains.Usage;
using OrleansMemory.Users;

namespace OrleansMemory.Grains.Conversations;

/// <summary>One conversation: validate, decide, commit, apply, reply.</summary>
/// <remarks>
/// The grain is reentrant so that a turn can be decided while the ones before it are being written; deciding itself never awaits, so turns still get
/// their sequences one at a time and in the order in which they came. Reads see only what is durable.
/// </remarks>
[GrainType("conversation")]
[Reentrant]
internal sealed partial class ConversationGrain : Grain, IConversationGrain, IIncomingGrainCallFilter
{
    private readonly IConversationStore _store;
    private readonly ConversationOptions _options;
    private readonly TimeProvider _timeProvider;
    private readonly ClockCheck _clocks;
    private readonly SiloLease _lease;
    private readonly ILogger _logger;
    private readonly TenantDirectory _tenants;
    private readonly ConversationLoading _loading;
    private readonly Exclusion _exclusion = new();
    private readonly FeedSignal _feed;
    private readonly MemoryInstruments _instruments;
    private readonly UsageMeters _meters;
    private readonly AuditTrail _audit;
    private ConversationKey _key;

    public ConversationGrain(
        IConversationStore store,
        IOptions<ConversationOptions> options,
        [FromKeyedServices(MemoryClock.ServiceKey)] TimeProvider timeProvider,
        ClockCheck clocks,
        SiloLease lease,
        IHostApplicationLifetime lifetime,
        TenantDirectory tenants,
        MemoryInstruments instruments,
        UsageMeters meters,
        AuditTrail audit,
        ILogger<ConversationGrain> logger)
    {
        _store = store;
        _options = options.Value;
        _timeProvider = timeProvider;
        _clocks = clocks;
        _lease = lease;
        _logger = logger;
        _tenants = tenants;
        _instruments = instruments;
        _meters = meters;
        _audit = audit;
        _feed = new FeedSignal(timeProvider, lifetime.ApplicationStopping);
        _loading = new ConversationLoading(store, _options, _feed);
    }

    /// <inheritdoc />
    public override Task OnActivateAsync(CancellationToken cancellationToken)
    {
        _key = ConversationKey.Parse(this.GetPrimaryKeyString());
        return Task.CompletedTask;
    }

    /// <summary>
    /// Answers a call (receipts, reads, feeds and errors alike) only once the silo's lease is seen to hold after it: until then another silo may have made the conversation active. A turn that
    /// is stored but not acknowledged is found under its id wherever it is sent next.
    /// </summary>
    Task IIncomingGrainCallFilter.Invoke(IIncomingGrainCallContext context)
    {
        // Most reads are answered from memory and have ended here; they need no state machine.
        Task call = context.Invoke();
        return call.IsCompletedSuccessfully && _lease.Holds ? Task.CompletedTask : ConfirmAsync(call);
    }

    private async Task ConfirmAsync(Task call)
    {
        try
        {
            await call;
        }
        finally
        {
            await _lease.ConfirmAsync();
        }
    }

    /// <inheritdoc />
    public async Task<TurnReceipt> CommitAsync(Turn turn, CancellationToken cancellationToken = default)
    {
        TenantPolicy policy = await GetPolicyAsync();
        PreparedTurn prepared = policy.Validation.Prepare(turn);
        var patience = new RetryPatience(_timeProvider);
        while (true)
        {
            cancellationToken.ThrowIfCancellationRequested();
            TurnReceipt? receipt = prepared.Turn.KeepLast is null && prepared.Turn.DeleteSequences.IsEmpty
                ? await _exclusion.AlongAsync(() => AttemptAsync(prepared, cancellationToken), cancellationToken)
                : await _exclusion.AloneAsync(() => AttemptAloneAsync(prepared, cancellationToken), cancellationToken);
            if (receipt is not null)
            {
                return receipt;
            }

            LogTurnRetried(patience.Attempts);
            await patience.WaitAsync(cancellationToken);
        }
    }

    /// <summary>Tries a turn that drops messages: its cut is found in the store, so nothing else may be on its way.</summary>
    private async Task<TurnReceipt?> AttemptAloneAsync(PreparedTurn prepared, CancellationToken cancellationToken)
    {
        await DrainAsync();
        return await AttemptAsync(prepared, cancellationToken);
    }

    /// <summary>Tries a turn once.</summary>
    /// <returns>The receipt; <see langword="null"/> when the turn is to be tried again on a fresh state.</returns>
    private async Task<TurnReceipt?> AttemptAsync(PreparedTurn prepared, CancellationToken cancellationToken)
    {
        Turn turn = prepared.Turn;
        LoadedConversation loaded = await GetUnlessGoneAsync(turn.TurnId, cancellationToken);
        HashSet<string> older = await FindOlderAsync(loaded, prepared, cancellationToken);
        if (prepared.AbsentIds.Length > 0 && (loaded.Chain.Broken || !ReferenceEquals(loaded, _loading.Current)))
        {
            return null;
        }

        DateTimeOffset now = _timeProvider.Now();
        if (loaded.Tip.IsExpired(now))
        {
            if (!GoesOnWith(turn, null))
            {
                throw new ConversationNotFoundException(_key);
            }

            RequireClock();
            await DrainAsync();
            await _loading.StartNewLifeAsync(loaded, now, cancellationToken);
            return null;
        }

        if (loaded.Tip.Head is { } owned && !BoundUser.Owns(owned.Settings.UserId))
        {
            // Before anything is looked up or compared: whatever else a turn could be refused for tells of the conversation.
            return await ResolveForeignAsync(loaded, cancellationToken);
        }

        if (loaded.Recent.TryGet(turn.TurnId, out byte[] hash, out TurnReceipt receipt))
        {
            return Replay(prepared, new JournalledTurn(hash, receipt.Version, receipt.FirstSequence, receipt.LastSequence));
        }

        if (loaded.FindPending(turn.TurnId) is { } same)
        {
            // The same turn came twice at once: the second call waits for the first and then finds its receipt, or takes its place.
            await SettledAsync(same, cancellationToken);
            await RefuseIfRemovedAsync(loaded, turn.TurnId, cancellationToken);
            return null;
        }

        if (turn.ExpectedVersion is { } expected && expected != loaded.Tip.Version)
        {
            return await ResolveMismatchAsync(loaded, prepared, expected, cancellationToken);
        }

        if (!GoesOnWith(turn, loaded.Tip.Head))
        {
            // Another activation may have begun it.
            if (loaded.LastPending is not null)
            {
                await DrainAsync();
                return null;
            }

            Head? fresh = (await _loading.ReloadAsync(_key, loaded, cancellationToken)).Tip.Head;
            return GoesOnWith(turn, fresh) ? null : throw new ConversationNotFoundException(_key);
        }

        if (loaded.Tip.Head is null && turn.Messages.IsEmpty && turn.EntryWrites.All(write => write.KeepsExpiry) && turn.Settings is null)
        {
            throw new ConversationNotFoundException(_key);
        }

        if (UnknownSequence(loaded.Tip, turn) is { } unknown)
        {
            return await ResolveUnknownAsync(loaded, prepared, unknown, cancellationToken);
        }

        if (ConditionCheck.Failed(loaded, turn, older, now) is { IsEmpty: false } failed)
        {
            return await ResolveFailedAsync(loaded, prepared, failed, cancellationToken);
        }

        if (await CutAsync(loaded, prepared, cancellationToken) is not { } cut)
        {
            return null;
        }

        DecidedTurn decided = Policy.Decision.Decide(loaded.Tip, loaded.Chain, prepared, cut, now, BoundUser.Current);
        return await StoreAsync(loaded, prepared, decided, cancellationToken);
    }

    /// <summary>Whether a turn takes what there is for what its caller means.</summary>
    private static bool GoesOnWith(Turn turn, Head? head) => head is null
        ? !turn.MustExist && turn.ExpectedLife is null
        : turn.ExpectedLife is not { } life || Instants.Kept(life) == head.CreatedAt;

    /// <summary>Hands a decided turn to the store. Up to there nothing awaits, so turns reach the store in the order of their sequences.</summary>
    private async Task<TurnReceipt?> StoreAsync(
        LoadedConversation loaded, PreparedTurn prepared, DecidedTurn decided, CancellationToken cancellationToken)
    {
        RequireClockFor(decided.Commit);
        if (!TryReserve(loaded.Tip, prepared, decided, out MeterRoom room))
        {
            return await ResolveFullAsync(loaded, prepared, room.Amount, cancellationToken);
        }

        Task<CommitResult> stored = _store.CommitAsync(decided.Commit, CancellationToken.None);
        if (stored.IsFaulted)
        {
            // Refused at the door: nothing was taken, and what was decided before is still good.
            room.Settle(MeterResult.Nothing);
            await stored;
        }

        var pending = new PendingTurn(decided, stored);
        loaded.Push(pending);
        CommitResult result = await SettleAsync(loaded, pending, room).WaitAsync(cancellationToken);
        if (result.Status == CommitStatus.Lost)
        {
            await RefuseIfRemovedAsync(loaded, prepared.Turn.TurnId, cancellationToken);
        }

        return result.Status switch
        {
            CommitStatus.Committed => result.Receipt,
            CommitStatus.Replayed => result.Receipt,
            CommitStatus.TurnConflict => throw new TurnConflictException(prepared.Turn.TurnId, result.Receipt!.Version),
            _ => null,
        };
    }

    /// <summary>Applies a turn once it is durable, whether or not its caller still waits; anything else makes the memory worthless.</summary>
    private async Task<CommitResult> SettleAsync(LoadedConversation loaded, PendingTurn pending, MeterRoom room)
    {
        MeterResult used = MeterResult.Nothing;
        try
        {
            CommitResult result = await pending.Stored;
            used = result.Status == CommitStatus.Committed ? MeterResult.Turn : MeterResult.Nothing;
            if (result.Status == CommitStatus.Committed)
            {
                await loaded.ApplyDurableAsync();
                _feed.Pulse();
                WatchExpiry();
            }
            else
            {
                _loading.Forget(loaded);
            }

            return result;
        }
        catch
        {
            _loading.Forget(loaded);
            throw;
        }
        finally
        {
            room.Settle(used);
        }
    }

    /// <summary>
    /// The expected version is not ours. Another activation may know better than we do, and the turn may be an old one that comes again: only when
    /// neither is so is it a conflict.
    /// </summary>
    private async Task<TurnReceipt?> ResolveMismatchAsync(
        LoadedConversation loaded, PreparedTurn prepared, long expected, CancellationToken cancellationToken)
    {
        if (loaded.LastPending is not null)
        {
            await DrainAsync();
            return null;
        }

        LoadedConversation fresh = await _loading.ReloadAsync(_key, loaded, cancellationToken);
        JournalledTurn? journalled = fresh.Tip.Head is null
            ? null
            : await _store.FindTurnAsync(fresh.Tip.StoreId, prepared.Turn.TurnId, cancellationToken);
        if (journalled is not null)
        {
            return Replay(prepared, journalled);
        }

        long actual = fresh.Tip.IsLive(_timeProvider.Now()) ? fresh.Tip.Version : 0;
        return actual == expected ? null : throw new VersionConflictException(expected, actual);
    }

    private static TurnReceipt Replay(PreparedTurn prepared, JournalledTurn journalled) =>
        journalled.PayloadHash.AsSpan().SequenceEqual(prepared.PayloadHash)
            ? journalled.ToReceipt()
            : throw new TurnConflictException(prepared.Turn.TurnId, journalled.Version);

    /// <summary>Waits until no turn is on its way any more.</summary>
    private async Task DrainAsync()
    {
        while (_loading.Current?.LastPending is { } last)
        {
            await SettledAsync(last, CancellationToken.None);
        }
    }

    /// <summary>Waits until a turn is no longer on its way, whatever became of it.</summary>
    private static async Task SettledAsync(PendingTurn pending, CancellationToken cancellationToken)
    {
        await ((Task)pending.Stored).WaitAsync(cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
        cancellationToken.ThrowIfCancellationRequested();
        await Task.Yield();
    }
}
