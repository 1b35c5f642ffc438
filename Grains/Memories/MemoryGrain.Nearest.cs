using OrleansMemory.Errors;
using OrleansMemory.Grains.Memories.Vectors;
using OrleansMemory.Grains.Storage;

namespace OrleansMemory.Grains.Memories;

// A large scope leaves its vectors to a store that can search them; what that finds is held against what the activation holds.
internal sealed partial class MemoryGrain
{
    // A scope around the limit must not go to and fro.
    private const double KeptShare = 0.9;

    private long? _nearestFailedAt;

    private bool NearestPauses => _nearestFailedAt is { } failedAt && _timeProvider.GetElapsedTime(failedAt) < _vectors.QueryPause;

    private bool StoreSearches(VectorModel? model, int memories) =>
        model is not null
        && _vectors.DatabaseSearchFrom > 0
        && memories >= _vectors.DatabaseSearchFrom
        && _store.FindsNearest(model.Dimensions);

    private bool WantsVectorsBack(ScopeMemories memories) =>
        memories.LeavesVectorsToStore && memories.Count < _vectors.DatabaseSearchFrom * KeptShare;

    private void LeaveVectorsToStore(ScopeMemories memories)
    {
        if (StoreSearches(memories.Model, memories.Count))
        {
            memories.LeaveVectorsToStore();
        }
    }

    /// <summary>Has the store find the nearest, for a limited time. A failure costs the recall its vectors, never an error.</summary>
    /// <returns>
    /// The nearest first, those included that are not held any more or not yet; <see langword="null"/> when they are not to be had.
    /// </returns>
    private async Task<IReadOnlyList<VectorHit>?> FindNearestAsync(
        ScopeMemories memories,
        RecallFilter filter,
        ReadOnlyMemory<float> meaning,
        DateTimeOffset at,
        CancellationToken cancellationToken
    )
    {
        if (!_meaning.Counts(meaning, memories.Model!.Dimensions))
        {
            return null;
        }

        if (NearestPauses)
        {
            _instruments.OnTermsOnly();
            return null;
        }

        var search = new NearestFacts
        {
            Scope = _scope,
            Model = memories.Model.Id,
            Vector = meaning,
            Kind = filter.Kind,
            Labels = filter.Labels,
            From = memories.From,
            Limit = _meaning.CandidatesFor(filter.Limit),
            At = at,
        };
        using var limit = new CancellationTokenSource(_vectors.QueryTimeout, _timeProvider);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        try
        {
            IReadOnlyList<VectorHit>? nearest = await _store.FindNearestAsync(search, both.Token).WaitAsync(both.Token);
            _nearestFailedAt = null;
            return nearest;
        }
        catch (Exception failure)
            when (failure is MemoryException or OperationCanceledException && !cancellationToken.IsCancellationRequested)
        {
            FailNearest(limit.IsCancellationRequested ? nameof(TimeoutException) : failure.GetType().Name);
            return null;
        }
    }

    private void FailNearest(string errorType)
    {
        bool isKnown = NearestPauses;
        _nearestFailedAt = _timeProvider.GetTimestamp();
        _instruments.OnTermsOnly();
        if (!isKnown)
        {
            LogNearestNotFound(errorType, _vectors.QueryPause);
        }
    }
}
