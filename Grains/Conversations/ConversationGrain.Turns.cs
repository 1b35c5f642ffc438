using OrleansMemory.Conversations;
using OrleansMemory.Errors;
using OrleansMemory.Grains.Clocks;
using OrleansMemory.Grains.Storage;
using OrleansMemory.Grains.Usage;
using OrleansMemory.Users;

namespace OrleansMemory.Grains.Conversations;

// One attempt at a turn: decide, store, settle.
internal sealed partial class ConversationGrain
{
    /// <summary>Tries a turn that drops messages: its cut is found in the store, so nothing else may be on its way.</summary>
    private async Task<TurnReceipt?> AttemptAloneAsync(PreparedTurn prepared, CancellationToken cancellationToken)
    {
        await _activation.DrainAsync();
        return await AttemptAsync(prepared, cancellationToken);
    }

    /// <summary>Tries a turn once.</summary>
    /// <returns>The receipt; <see langword="null"/> when the turn is to be tried again on a fresh state.</returns>
    private async Task<TurnReceipt?> AttemptAsync(PreparedTurn prepared, CancellationToken cancellationToken)
    {
        Turn turn = prepared.Turn;
        LoadedConversation loaded = await GetUnlessGoneAsync(turn.TurnId, cancellationToken);
        HashSet<string> older = await FindOlderAsync(loaded, prepared, cancellationToken);
        if (prepared.AbsentIds.Length > 0 && (loaded.Chain.Broken || !ReferenceEquals(loaded, _activation.Loading.Current)))
        {
            return null;
        }

        DateTimeOffset now = _activation.Now;
        if (loaded.Tip.IsExpired(now))
        {
            if (!GoesOnWith(turn, null))
            {
                throw new ConversationNotFoundException(_activation.Key);
            }

            _activation.RequireClock();
            await _activation.DrainAsync();
            await _activation.Loading.StartNewLifeAsync(loaded, now, cancellationToken);
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
            await ConversationActivation.SettledAsync(same, cancellationToken);
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
                await _activation.DrainAsync();
                return null;
            }

            Head? fresh = (await _activation.Loading.ReloadAsync(_activation.Key, loaded, cancellationToken)).Tip.Head;
            return GoesOnWith(turn, fresh) ? null : throw new ConversationNotFoundException(_activation.Key);
        }

        if (loaded.Tip.Head is null && turn.Messages.IsEmpty && turn.EntryWrites.All(write => write.KeepsExpiry) && turn.Settings is null)
        {
            throw new ConversationNotFoundException(_activation.Key);
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

        DecidedTurn decided = _activation.Policy.Decision.Decide(loaded.Tip, loaded.Chain, prepared, cut, now, BoundUser.Current);
        return await StoreAsync(loaded, prepared, decided, cancellationToken);
    }

    /// <summary>Whether a turn takes what there is for what its caller means.</summary>
    private static bool GoesOnWith(Turn turn, Head? head) =>
        head is null
            ? !turn.MustExist && turn.ExpectedLife is null
            : turn.ExpectedLife is not { } life || Instants.Kept(life) == head.CreatedAt;

    /// <summary>
    /// Hands a decided turn to the store. Up to there nothing awaits, so turns reach the store in the order of their sequences.
    /// </summary>
    private async Task<TurnReceipt?> StoreAsync(
        LoadedConversation loaded,
        PreparedTurn prepared,
        DecidedTurn decided,
        CancellationToken cancellationToken
    )
    {
        RequireClockFor(decided.Commit);
        if (!_quota.TryReserve(loaded.Tip, prepared, decided, out MeterRoom room))
        {
            return await ResolveFullAsync(loaded, prepared, room.Amount, cancellationToken);
        }

        Task<CommitResult> stored = _activation.Store.CommitAsync(decided.Commit, CancellationToken.None);
        if (stored.IsFaulted)
        {
            // Refused before anything was queued, and what was decided before is still good.
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

    /// <summary>
    /// Applies a turn once it is durable, whether or not its caller still waits; any other outcome discards the state in memory, which was
    /// built on it.
    /// </summary>
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
                _activation.Feed.Pulse();
                _activation.Expiry.Watch();
            }
            else
            {
                _activation.Loading.Forget(loaded);
            }

            return result;
        }
        catch
        {
            _activation.Loading.Forget(loaded);
            throw;
        }
        finally
        {
            room.Settle(used);
        }
    }

    /// <summary>
    /// The expected version is not ours. Another activation may know better than we do, and the turn may be an old one that comes again:
    /// only when neither is so is it a conflict.
    /// </summary>
    private async Task<TurnReceipt?> ResolveMismatchAsync(
        LoadedConversation loaded,
        PreparedTurn prepared,
        long expected,
        CancellationToken cancellationToken
    )
    {
        if (loaded.LastPending is not null)
        {
            await _activation.DrainAsync();
            return null;
        }

        LoadedConversation fresh = await _activation.Loading.ReloadAsync(_activation.Key, loaded, cancellationToken);
        JournalledTurn? journalled = fresh.Tip.Head is null
            ? null
            : await _activation.Store.FindTurnAsync(fresh.Tip.StoreId, prepared.Turn.TurnId, cancellationToken);
        if (journalled is not null)
        {
            return Replay(prepared, journalled);
        }

        long actual = fresh.Tip.IsLive(_activation.Now) ? fresh.Tip.Version : 0;
        return actual == expected ? null : throw new VersionConflictException(expected, actual);
    }

    private static TurnReceipt Replay(PreparedTurn prepared, JournalledTurn journalled) =>
        journalled.PayloadHash.AsSpan().SequenceEqual(prepared.PayloadHash)
            ? journalled.ToReceipt()
            : throw new TurnConflictException(prepared.Turn.TurnId, journalled.Version);
}
