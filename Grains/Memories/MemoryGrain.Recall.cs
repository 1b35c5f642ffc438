using System.Collections.Immutable;
using System.Diagnostics;
using System.Runtime.InteropServices;
using OrleansMemory.Diagnostics;
using OrleansMemory.Grains.Clocks;
using OrleansMemory.Grains.Memories.Recall;
using OrleansMemory.Grains.Memories.Recall.Scoring;
using OrleansMemory.Grains.Storage;
using OrleansMemory.Memories;

namespace OrleansMemory.Grains.Memories;

internal sealed partial class MemoryGrain
{
    /// <inheritdoc />
    public async Task<RecallResult> RecallAsync(RecallRequest request, CancellationToken cancellationToken = default)
    {
        var filter = RecallFilter.Check(request);
        using Activity? activity = MemoryActivities.Source.StartActivity(MemoryActivities.Recall);
        long started = _timeProvider.GetTimestamp();
        Task<ReadOnlyMemory<float>> understanding = _meaning.UnderstandAsync(filter.Query, cancellationToken);
        await _catchUp.RunAsync(cancellationToken);
        ReadOnlyMemory<float> meaning = await understanding;

        // It was read up after the recall began, so it will do even if another one takes its place while the store searches.
        ScopeMemories memories = _memories!;
        DateTimeOffset now = _timeProvider.Now();
        IReadOnlyList<VectorHit>? nearest = memories.LeavesVectorsToStore
            ? await FindNearestAsync(memories, filter, meaning, now, cancellationToken)
            : null;

        // From here on nothing is waited for: what is held would change.
        memories.Expire(now);
        var query = new RecallQuery
        {
            Text = filter.Query,
            Now = request.ReferenceInstant ?? now,
            Limit = filter.Limit,
            Accept = filter.AcceptsAll ? null : id => filter.Accepts(memories.Find(id)!),
            Trace = request.Explain ? new ScoreTrace() : null,
        };
        var result = new RecallResult
        {
            Memories = Answer(
                memories,
                filter.MinScore,
                nearest is null
                    ? _meaning.Rank(memories.Terms, memories.Vectors, query, meaning)
                    : _meaning.Rank(memories.Terms, nearest.Where(hit => memories.Find(hit.Id) is not null), query)
            ),
            Considered = memories.Count,
            Partial = memories.IsPartial,
        };
        activity?.SetTag(MemoryActivities.Memories, result.Memories.Length).SetTag(MemoryActivities.MemoriesConsidered, result.Considered);
        _instruments.OnRecalled(_timeProvider.GetElapsedTime(started));
        return result;
    }

    private ImmutableArray<RecalledMemory> Answer(ScopeMemories memories, double minScore, IReadOnlyList<RecallHit> hits)
    {
        var answer = new List<RecalledMemory>(hits.Count);
        double[] scores = ScoreScale.Of(hits);
        long bytes = 0;
        for (int i = 0; i < hits.Count && scores[i] >= minScore; i++)
        {
            HeldMemory held = memories.Find(hits[i].Id)!;
            bytes += held.Bytes;
            if (answer.Count > 0 && bytes > _options.MaxAnswerBytes)
            {
                break;
            }

            answer.Add(
                new RecalledMemory
                {
                    Memory = held.Fact,
                    Score = scores[i],
                    Count = hits[i].Count,
                    Why = hits[i].Why,
                }
            );
        }

        Contradictions.Mark(CollectionsMarshal.AsSpan(answer));
        return [.. answer];
    }
}
