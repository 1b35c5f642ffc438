using System.Collections.Immutable;
using OrleansMemory.Conversations;
using OrleansMemory.Errors;
using OrleansMemory.Grains.Storage;
using OrleansMemory.Grains.Usage;

namespace OrleansMemory.Grains.Conversations;

// What a turn asks for is decided upon the tip. The part of the log that is not in memory is asked for before, since deciding awaits
// nothing; and before a turn is refused by what memory holds, the store is asked whether another activation, or the turn itself when it
// came before, has changed that.
internal sealed partial class ConversationGrain
{
    /// <summary>Finds those ids that no message may have in the part of the log that is not in memory.</summary>
    /// <returns>Which of them are there. What was asked for reaches up to what memory holds when this returns.</returns>
    private async ValueTask<HashSet<string>> FindOlderAsync(
        LoadedConversation loaded,
        PreparedTurn prepared,
        CancellationToken cancellationToken
    )
    {
        HashSet<string> found = [];
        long asked = 0;
        while (
            prepared.AbsentIds.Length > 0
            && !loaded.Chain.Broken
            && loaded.LastUnknownId is var last
            && last >= loaded.Tip.FirstSequence
            && last > asked
        )
        {
            // Only a turn that runs alone drops messages. Where the others have pushed more ids out of memory meanwhile than it keeps, it
            // is asked again.
            IdSearchResult result = await (loaded.IdSearch ??= new GatheredIdSearch(_activation.Store, loaded)).FindAsync(
                prepared.AbsentIds,
                cancellationToken
            );
            found.UnionWith(result.Found.Intersect(prepared.AbsentIds));
            asked = result.Last;
        }

        return found;
    }

    /// <summary>
    /// Conditions do not hold upon the tip. Turns on their way that they were decided upon may come to nothing, another activation may know
    /// better, and the turn may be an old one that comes again: only when none of that is so is it refused.
    /// </summary>
    private async Task<TurnReceipt?> ResolveFailedAsync(
        LoadedConversation loaded,
        PreparedTurn prepared,
        ImmutableArray<int> failed,
        CancellationToken cancellationToken
    )
    {
        ConversationState state = loaded.Tip;
        if (loaded.LastPending is { } last)
        {
            await ConversationActivation.SettledAsync(last, cancellationToken);
            if (!last.Stored.IsCompletedSuccessfully || (await last.Stored).Status != CommitStatus.Committed)
            {
                return null;
            }
        }
        else if (!await IsNewestAsync(loaded, state))
        {
            return null;
        }

        JournalledTurn? journalled = state.Head is null
            ? null
            : await _activation.Store.FindTurnAsync(state.StoreId, prepared.Turn.TurnId, cancellationToken);
        return journalled is not null ? Replay(prepared, journalled) : throw new ConditionFailedException(failed);
    }

    /// <summary>
    /// The conversation is not the user's that the turn is bound to. Turns on their way that say so may come to nothing, and another
    /// activation may know better: only when neither is so is the turn refused, in the words of a conversation that there is not.
    /// </summary>
    private async Task<TurnReceipt?> ResolveForeignAsync(LoadedConversation loaded, CancellationToken cancellationToken)
    {
        if (loaded.LastPending is { } last)
        {
            await ConversationActivation.SettledAsync(last, cancellationToken);
            if (!last.Stored.IsCompletedSuccessfully || (await last.Stored).Status != CommitStatus.Committed)
            {
                return null;
            }
        }
        else if (!await IsNewestAsync(loaded, loaded.Tip))
        {
            return null;
        }

        throw new ConversationNotFoundException(_activation.Key);
    }

    /// <summary>Whether no other activation has committed anything upon a durable state; if one has, what is loaded is forgotten.</summary>
    private async Task<bool> IsNewestAsync(LoadedConversation loaded, ConversationState state)
    {
        StoredConversation stored = await _activation.Loading.AskAsync(_activation.Key);
        bool isOurs = stored.Head is null
            ? state.Version == 0
            : (stored.StoreId, stored.Head.Version) == (state.Replaces?.StoreId ?? state.StoreId, state.Replaces?.Version ?? state.Version);
        if (!isOurs && !loaded.Chain.Broken && stored.StoreId == loaded.Durable.StoreId && stored.Head?.Version <= loaded.Durable.Version)
        {
            // Our own turns have come since.
            isOurs = true;
        }

        if (!isOurs)
        {
            _activation.Loading.ForgetUnless(stored);
        }

        return isOurs;
    }

    /// <summary>There is no room by what this silo knows. A turn that was committed before has its receipt all the same.</summary>
    private async Task<TurnReceipt?> ResolveFullAsync(
        LoadedConversation loaded,
        PreparedTurn prepared,
        UsageAmount growth,
        CancellationToken cancellationToken
    )
    {
        if (
            loaded.Tip.Head is not null
            && await _activation.Store.FindTurnAsync(loaded.Tip.StoreId, prepared.Turn.TurnId, cancellationToken) is { } journalled
        )
        {
            return Replay(prepared, journalled);
        }

        // Taken and given back: the turn is decided again, and takes its own.
        MeterRoom room = await _quota.ReserveAsync(growth);
        room.Settle(MeterResult.Nothing);
        return null;
    }

    /// <summary>
    /// Refuses a turn with a time to live on a silo whose clock is off: other silos would remove by the instant that it writes.
    /// </summary>
    private void RequireClockFor(TurnCommit commit)
    {
        if (commit.ExpiresAt is not null || commit.EntryWrites.Any(entry => entry.ExpiresAt is not null))
        {
            _activation.RequireClock();
        }
    }

    private LogRewriting Rewriting => new(_activation.Store, _activation.Policy.Limits);

    /// <summary>What a turn leaves of the log.</summary>
    /// <returns>The cut; <see langword="null"/> when the log has changed in the store and the turn is to be tried again.</returns>
    private async ValueTask<LogCut?> CutAsync(LoadedConversation loaded, PreparedTurn prepared, CancellationToken cancellationToken)
    {
        ConversationState tip = loaded.Tip;
        if (prepared.Turn.KeepLast is { } keep)
        {
            return new LogCut(await FirstAfterTruncationAsync(loaded, prepared, keep, cancellationToken), []);
        }

        if (prepared.Turn.DeleteSequences.IsEmpty)
        {
            return new LogCut(tip.FirstSequence, []);
        }

        LogCut? cut = await Rewriting.WithoutAsync(loaded, prepared, cancellationToken);
        if (cut is null)
        {
            _activation.Loading.Forget(loaded);
        }

        return cut;
    }

    /// <summary>Finds a message to drop that the log does not hold.</summary>
    private static int? UnknownSequence(ConversationState tip, Turn turn)
    {
        for (int i = 0; i < turn.DeleteSequences.Length; i++)
        {
            if (turn.DeleteSequences[i] < tip.FirstSequence || turn.DeleteSequences[i] > tip.LastSequence)
            {
                return i;
            }
        }

        return null;
    }

    /// <summary>
    /// A message to drop is not in the log that we know. The turn may have dropped it when it came before, or another activation may know
    /// better: only when neither is so is the request wrong.
    /// </summary>
    private async Task<TurnReceipt?> ResolveUnknownAsync(
        LoadedConversation loaded,
        PreparedTurn prepared,
        int unknown,
        CancellationToken cancellationToken
    )
    {
        LoadedConversation fresh = await _activation.Loading.ReloadAsync(_activation.Key, loaded, cancellationToken);
        ConversationState state = fresh.Tip;
        JournalledTurn? journalled = state.Head is null
            ? null
            : await _activation.Store.FindTurnAsync(state.StoreId, prepared.Turn.TurnId, cancellationToken);
        if (journalled is not null)
        {
            return Replay(prepared, journalled);
        }

        string path = FormattableString.Invariant($"deleteSequences[{unknown}]");
        return !state.IsExpired(_activation.Now) && UnknownSequence(state, prepared.Turn) != unknown
            ? null
            : throw new InvalidRequestException(
                path,
                FormattableString.Invariant(
                    $"{path} is not in the log, which holds the sequences from {state.FirstSequence} to {state.LastSequence}."
                )
            );
    }

    private async Task<long> FirstAfterTruncationAsync(
        LoadedConversation loaded,
        PreparedTurn prepared,
        int keep,
        CancellationToken cancellationToken
    )
    {
        ConversationState tip = loaded.Tip;
        long wanted = Math.Max(tip.FirstSequence, tip.LastSequence - keep + 1);
        if (keep == 0 || wanted == tip.FirstSequence)
        {
            return wanted;
        }

        List<ToolTrace> traces = [.. await _activation.Store.ReadToolTracesAsync(loaded.Lineage, tip.FirstSequence, cancellationToken)];
        for (int i = 0; i < prepared.Messages.Length; i++)
        {
            if (prepared.Messages[i].Tools is { } tools)
            {
                traces.Add(new ToolTrace(tip.LastSequence + 1 + i, tools));
            }
        }

        return ToolPairs.SafeStart(traces, wanted);
    }

    /// <summary>Gets what is loaded for a turn that may be written.</summary>
    /// <exception cref="GoneException">The turn was deleted or erased with its conversation.</exception>
    private async ValueTask<LoadedConversation> GetUnlessGoneAsync(string turnId, CancellationToken cancellationToken)
    {
        LoadedConversation loaded = await _activation.Loading.GetAsync(_activation.Key, cancellationToken);
        if (!loaded.Tip.HasGoneTurns)
        {
            return loaded;
        }

        // Others may be decided meanwhile: nothing of what was loaded before is used after.
        return await _activation.Store.IsGoneAsync(_activation.Key, turnId, cancellationToken)
            ? throw new GoneException(turnId)
            : await _activation.Loading.GetAsync(_activation.Key, cancellationToken);
    }

    /// <summary>
    /// Refuses a turn that was on its way when the conversation that it was decided upon was deleted or erased, for good: sent again, it is
    /// refused as well. One whose conversation has merely expired, or has moved on, is tried again.
    /// </summary>
    /// <exception cref="GoneException">The conversation is gone.</exception>
    private async Task RefuseIfRemovedAsync(LoadedConversation loaded, string turnId, CancellationToken cancellationToken)
    {
        if (
            loaded.Durable.Head is null
            || (await _activation.Loading.GetAsync(_activation.Key, cancellationToken)).Tip is not { HasGoneTurns: true } now
            || now.StoreId == loaded.Durable.StoreId
            || !await _activation.Store.IsLifeGoneAsync(_activation.Key, loaded.Durable.StoreId, cancellationToken)
        )
        {
            return;
        }

        await _activation.Store.MarkGoneAsync(_activation.Key, turnId, _activation.Now, cancellationToken);
        _activation.Loading.Forget();
        throw new GoneException(turnId);
    }
}
