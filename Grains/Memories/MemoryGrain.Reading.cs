using OrleansMemory.Grains.Clocks;
using OrleansMemory.Grains.Memories.Vectors;
using OrleansMemory.Grains.Storage;

namespace OrleansMemory.Grains.Memories;

// How the activation comes to hold what the scope shows. Only ReadUpAsync changes it, and never two of it at the same time.
internal sealed partial class MemoryGrain
{
    private const int PageMemories = 5_000;
    private const long PageBytes = 16 * 1024 * 1024;
    private const int MaxChanges = 20_000;

    private ScopeMemories? _memories;
    private FactMark _mark;
    private DateTimeOffset _readAt;

    private async Task ReadUpAsync()
    {
        DateTimeOffset now = _timeProvider.Now();

        // A model that has become known since has vectors for what is held.
        VectorModel? model = _meaning.Model;

        // Traces of what was deleted are kept for a while; half of it is left for clocks that differ.
        bool known =
            _memories is { HasRoomForOlder: false } && _memories.Model == model && (now - _readAt).Duration() < _options.TraceWindow / 2;
        FactChanges? changes = known
            ? await _store.ReadChangesAsync(
                _scope,
                _mark,
                _memories!.Vectors is null ? null : model?.Id,
                MaxChanges,
                PageBytes,
                CancellationToken.None
            )
            : null;
        if (changes is null)
        {
            await ReadAnewAsync(model);
        }
        else
        {
            await ApplyAsync(_memories!, changes);
            if (WantsVectorsBack(_memories!))
            {
                await ReadAnewAsync(model);
            }
        }

        _readAt = now;
    }

    /// <summary>Takes changes on. Recalls that did not wait for it may see a part of them meanwhile.</summary>
    private async Task ApplyAsync(ScopeMemories memories, FactChanges changes)
    {
        int before = memories.Count;
        var pace = new WorkPace();
        foreach (string id in changes.Gone)
        {
            memories.Remove(id);
        }

        foreach (StoredFact stored in changes.Live.OrderBy(stored => stored.Position))
        {
            memories.Put(stored);
            if (pace.IsDone(stored))
            {
                await Task.Yield();
            }
        }

        LeaveVectorsToStore(memories);
        _mark = changes.Mark;
        _instruments.OnHeld(memories.Count - before);
    }

    private async Task ReadAnewAsync(VectorModel? model)
    {
        long started = _timeProvider.GetTimestamp();
        FactMark mark = await _store.MarkAsync(CancellationToken.None);
        var memories = new ScopeMemories(_options, _weights, model);
        (List<StoredFact> newest, bool isLarge) = await ReadNewestAsync(model);
        if (isLarge)
        {
            memories.LeaveVectorsToStore();
        }

        // In the order in which they were said, each is put behind its neighbours.
        var pace = new WorkPace();
        for (int i = newest.Count - 1; i >= 0; i--)
        {
            memories.Put(newest[i]);
            if (pace.IsDone(newest[i]))
            {
                await Task.Yield();
            }
        }

        LeaveVectorsToStore(memories);
        Hold(memories);
        _mark = mark;
        LogRead(memories.Count, _timeProvider.GetElapsedTime(started).TotalMilliseconds, memories.IsPartial);
    }

    /// <summary>
    /// Reads as many of the newest memories as may be held, and one more where there are more; of a scope that proves to be so large that
    /// the store searches its vectors, without these.
    /// </summary>
    private async Task<(List<StoredFact> Newest, bool IsLarge)> ReadNewestAsync(VectorModel? model)
    {
        var newest = new List<StoredFact>();
        long bytes = 0;
        bool isLarge = false;
        while (true)
        {
            if (!isLarge && StoreSearches(model, newest.Count))
            {
                isLarge = true;
                newest = newest.ConvertAll(stored => stored with { Vector = default });
            }

            var read = new ScopeRead(
                _scope,
                isLarge ? null : model?.Id,
                newest.Count == 0 ? null : newest[^1].Position,
                PageMemories,
                PageBytes
            );
            IReadOnlyList<StoredFact> page = await _store.ReadScopeAsync(read, CancellationToken.None);
            newest.AddRange(page);
            bytes += page.Sum(stored => new HeldMemory(stored).Bytes);
            if (page.Count == 0 || newest.Count > _options.MaxScopeMemories || (newest.Count > 1 && bytes > _options.MaxScopeBytes))
            {
                return (newest, isLarge);
            }
        }
    }

    private void Hold(ScopeMemories? memories)
    {
        _instruments.OnHeld((memories?.Count ?? 0) - (_memories?.Count ?? 0));
        _memories = memories;
    }
}
