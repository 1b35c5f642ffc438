using OrleansMemory.Conversations;
using OrleansMemory.Errors;
using OrleansMemory.Grains.Storage;

namespace OrleansMemory.Grains.Conversations;

internal sealed partial class ConversationGrain
{
    private LogRewriting Rewriting => new(_store, Policy.Limits);

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
            _loading.Forget(loaded);
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
    /// A message to drop is not in the log that we know. The turn may have dropped it when it came before, or another activation may know better: only
    /// when neither is so is the request wrong.
    /// </summary>
    private async Task<TurnReceipt?> ResolveUnknownAsync(
        LoadedConversation loaded, PreparedTurn prepared, int unknown, CancellationToken cancellationToken)
    {
        LoadedConversation fresh = await _loading.ReloadAsync(_key, loaded, cancellationToken);
        ConversationState state = fresh.Tip;
        JournalledTurn? journalled = state.Head is null ? null : await _store.FindTurnAsync(state.StoreId, prepared.Turn.TurnId, cancellationToken);
        if (journalled is not null)
        {
            return Replay(prepared, journalled);
        }

        string path = FormattableString.Invariant($"deleteSequences[{unknown}]");
        return !state.IsExpired(_timeProvider.Now()) && UnknownSequence(state, prepared.Turn) != unknown
            ? null
            : throw new InvalidRequestException(
                path,
                FormattableString.Invariant(
                    $"{path} is not in the log, which holds the sequences from {state.FirstSequence} to {state.LastSequence}."));
    }

    private async Task<long> FirstAfterTruncationAsync(
        LoadedConversation loaded, PreparedTurn prepared, int keep, CancellationToken cancellationToken)
    {
        ConversationState tip = loaded.Tip;
        long wanted = Math.Max(tip.FirstSequence, tip.LastSequence - keep + 1);
        if (keep == 0 || wanted == tip.FirstSequence)
        {
            return wanted;
        }

        List<ToolTrace> traces = [.. await _store.ReadToolTracesAsync(loaded.Lineage, tip.FirstSequence, cancellationToken)];
        for (int i = 0; i < prepared.Messages.Length; i++)
        {
            if (prepared.Messages[i].Tools is { } tools)
            {
                traces.Add(new ToolTrace(tip.LastSequence + 1 + i, tools));
            }
        }

        return ToolPairs.SafeStart(traces, wanted);
    }
}
