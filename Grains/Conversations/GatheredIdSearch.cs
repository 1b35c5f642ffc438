using OrleansMemory.Grains.Storage;

namespace OrleansMemory.Grains.Conversations;

/// <summary>
/// Looks for message ids in the part of the log that is not in memory, for any number of turns with one question: while one is on its way,
/// the turns that come gather for the next, as turns do for a commit. For one activation, whose scheduler runs one step at a time.
/// </summary>
internal sealed class GatheredIdSearch(IConversationStore store, LoadedConversation loaded)
{
    private Task _asking = Task.CompletedTask;
    private HashSet<string>? _gathering;
    private Task<IdSearchResult>? _next;

    /// <summary>Looks for ids.</summary>
    /// <param name="cancellationToken">Ends the wait, not the question, which may be that of others.</param>
    /// <returns>What is there; of the ids of others, too.</returns>
    public Task<IdSearchResult> FindAsync(IEnumerable<string> ids, CancellationToken cancellationToken)
    {
        if (_gathering is null)
        {
            _gathering = new HashSet<string>(StringComparer.Ordinal);
            _next = AskBehindAsync(_asking);
            _asking = _next;
        }

        _gathering.UnionWith(ids);
        return _next!.WaitAsync(cancellationToken);
    }

    private async Task<IdSearchResult> AskBehindAsync(Task before)
    {
        // Whether it failed is for those who asked. The turns that come in the same step of the activation are gathered, too.
        await Task.WhenAny(before);
        await Task.Yield();
        string[] ids = [.. _gathering!];
        _gathering = null;

        // Only a turn that runs alone drops messages, so the first is the same for all who wait.
        (long first, long last) = (loaded.Tip.FirstSequence, loaded.LastUnknownId);
        Dictionary<string, long> found = await store.FindMessageIdsAsync(loaded.Lineage, first, last, ids, CancellationToken.None);
        return new IdSearchResult(found.Keys.ToHashSet(StringComparer.Ordinal), last);
    }
}

/// <summary>What a search for message ids has found.</summary>
/// <param name="Found">The ids that messages have.</param>
/// <param name="Last">The last sequence that was looked at.</param>
internal readonly record struct IdSearchResult(HashSet<string> Found, long Last);
