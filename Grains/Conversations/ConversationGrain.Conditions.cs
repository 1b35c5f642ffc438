using System.Collections.Immutable;
using OrleansMemory.Conversations;
using OrleansMemory.Errors;
using OrleansMemory.Grains.Storage;

namespace OrleansMemory.Grains.Conversations;

// What a turn asks for is decided upon the tip; the part of the log that is not in memory is asked for before, since deciding awaits nothing.
internal sealed partial class ConversationGrain
{
    /// <summary>Finds those ids that no message may have in the part of the log that is not in memory.</summary>
    /// <returns>Which of them are there. What was asked for reaches up to what memory holds when this returns.</returns>
    private async ValueTask<HashSet<string>> FindOlderAsync(LoadedConversation loaded, PreparedTurn prepared, CancellationToken cancellationToken)
    {
        HashSet<string> found = [];
        long asked = 0;
        while (prepared.AbsentIds.Length > 0 && !loaded.Chain.Broken && loaded.LastUnknownId is var last && last >= loaded.Tip.FirstSequence && last > asked)
        {
            // Only a turn that runs alone drops messages. Where the others have pushed more ids out of memory meanwhile than it keeps, it is asked again.
            IdSearchResult result = await (loaded.IdSearch ??= new GatheredIdSearch(_store, loaded)).FindAsync(prepared.AbsentIds, cancellationToken);
            found.UnionWith(result.Found.Intersect(prepared.AbsentIds));
            asked = result.Last;
        }

        return found;
    }

    /// <summary>
    /// Conditions do not hold upon the tip. Turns on their way that they were decided upon may come to nothing, another activation may know better, and the turn
    /// may be an old one that comes again: only when none of that is so is it refused.
    /// </summary>
    private async Task<TurnReceipt?> ResolveFailedAsync(
        LoadedConversation loaded, PreparedTurn prepared, ImmutableArray<int> failed, CancellationToken cancellationToken)
    {
        ConversationState state = loaded.Tip;
        if (loaded.LastPending is { } last)
        {
            await SettledAsync(last, cancellationToken);
            if (!last.Stored.IsCompletedSuccessfully || (await last.Stored).Status != CommitStatus.Committed)
            {
                return null;
            }
        }
        else if (!await IsNewestAsync(loaded, state))
        {
            return null;
        }

        JournalledTurn? journalled = state.Head is null ? null : await _store.FindTurnAsync(state.StoreId, prepared.Turn.TurnId, cancellationToken);
        return journalled is not null ? Replay(prepared, journalled) : throw new ConditionFailedException(failed);
    }

    /// <summary>
    /// The conversation is not the user's that the turn is bound to. Turns on their way that say so may come to nothing, and another activation may know better: only when neither is so is the turn
    /// refused, in the words of a conversation that there is not.
    /// </summary>
    private async Task<TurnReceipt?> ResolveForeignAsync(LoadedConversation loaded, CancellationToken cancellationToken)
    {
        if (loaded.LastPending is { } last)
        {
            await SettledAsync(last, cancellationToken);
            if (!last.Stored.IsCompletedSuccessfully || (await last.Stored).Status != CommitStatus.Committed)
            {
                return null;
            }
        }
        else if (!await IsNewestAsync(loaded, loaded.Tip))
        {
            return null;
        }

        throw new ConversationNotFoundException(_key);
    }

    /// <summary>Whether no other activation has committed anything upon a durable state; if one has, what is loaded is forgotten.</summary>
    private async Task<bool> IsNewestAsync(LoadedConversation loaded, ConversationState state)
    {
        StoredConversation stored = await _loading.AskAsync(_key);
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
            _loading.ForgetUnless(stored);
        }

        return isOurs;
    }
}
