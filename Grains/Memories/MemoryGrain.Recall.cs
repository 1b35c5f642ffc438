using System.Collections.Immutable;
using OrleansMemory.Grains.Conversations;
using OrleansMemory.Grains.Memories.Recall;
using OrleansMemory.Memories;

namespace OrleansMemory.Grains.Memories;

internal sealed partial class MemoryGrain
{
    /// <inheritdoc />
    public async Task<RecallResult> RecallAsync(RecallRequest request, CancellationToken cancellationToken = default)
    {
        var filter = RecallFilter.Check(request);
        long started = _timeProvider.GetTimestamp();
        await _catchUp.RunAsync(cancellationToken);
        ScopeMemories memories = _memories!;
        DateTimeOffset now = _timeProvider.Now();
        memories.Expire(now);
        var query = new RecallQuery
        {
            Text = request.Query,
            Now = request.ReferenceInstant ?? now,
            Limit = filter.Limit,
            Accept = filter.AcceptsAll ? null : id => filter.Accepts(memories.Find(id)!),
        };
        var result = new RecallResult
        {
            Memories = Answer(memories, Rank(memories, query)),
            Considered = memories.Count,
            Partial = memories.IsPartial,
        };
        _instruments.OnRecalled(_timeProvider.GetElapsedTime(started));
        return result;
    }

    /// <summary>The model whose vectors are read along; <see langword="null"/> for none.</summary>
    private static string? VectorModel => null;

    /// <summary>Ranks what is held. It must not wait for anything: what is held may change meanwhile.</summary>
    private static IReadOnlyList<RecallHit> Rank(ScopeMemories memories, RecallQuery query) => memories.Terms.Search(query);

    private ImmutableArray<RecalledMemory> Answer(ScopeMemories memories, IReadOnlyList<RecallHit> hits)
    {
        ImmutableArray<RecalledMemory>.Builder answer = ImmutableArray.CreateBuilder<RecalledMemory>(hits.Count);
        long bytes = 0;
        foreach (RecallHit hit in hits)
        {
            HeldMemory held = memories.Find(hit.Id)!;
            bytes += held.Bytes;
            if (answer.Count > 0 && bytes > _options.MaxAnswerBytes)
            {
                break;
            }

            answer.Add(new RecalledMemory { Memory = held.Fact, Score = hit.Score });
        }

        return answer.ToImmutable();
    }
}
