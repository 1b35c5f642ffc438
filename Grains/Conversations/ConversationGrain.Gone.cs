using OrleansMemory.Errors;

namespace OrleansMemory.Grains.Conversations;

// What was deleted or erased does not come back: not under the id of a turn that went with it, and not by a turn that was decided upon it.
internal sealed partial class ConversationGrain
{
    /// <summary>Gets what is loaded for a turn that may be written.</summary>
    /// <exception cref="GoneException">The turn was deleted or erased with its conversation.</exception>
    private async ValueTask<LoadedConversation> GetUnlessGoneAsync(string turnId, CancellationToken cancellationToken)
    {
        LoadedConversation loaded = await _loading.GetAsync(_key, cancellationToken);
        if (!loaded.Tip.HasGoneTurns)
        {
            return loaded;
        }

        // Others may be decided meanwhile: nothing of what was loaded before is used after.
        return await _store.IsGoneAsync(_key, turnId, cancellationToken)
            ? throw new GoneException(turnId)
            : await _loading.GetAsync(_key, cancellationToken);
    }

    /// <summary>
    /// Refuses a turn that was on its way when the conversation that it was decided upon was deleted or erased, for good: sent again, it is refused as well.
    /// One whose conversation has merely expired, or has moved on, is tried again.
    /// </summary>
    /// <param name="loaded">What it was decided upon.</param>
    /// <param name="turnId">Its id.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="GoneException">The conversation is gone.</exception>
    private async Task RefuseIfRemovedAsync(LoadedConversation loaded, string turnId, CancellationToken cancellationToken)
    {
        if (loaded.Durable.Head is null
            || (await _loading.GetAsync(_key, cancellationToken)).Tip is not { HasGoneTurns: true } now
            || now.StoreId == loaded.Durable.StoreId
            || !await _store.IsLifeGoneAsync(_key, loaded.Durable.StoreId, cancellationToken))
        {
            return;
        }

        await _store.MarkGoneAsync(_key, turnId, _timeProvider.Now(), cancellationToken);
        _loading.Forget();
        throw new GoneException(turnId);
    }
}
