using OrleansMemory.Grains.Memories.Recall.Indexing;
using OrleansMemory.Grains.Memories.Recall.Query;

namespace OrleansMemory.Grains.Memories.Recall.Scoring;

/// <summary>Searches the memories of an index. Its arrays are used again, so it is for one search at a time.</summary>
/// <param name="memories">The memories.</param>
/// <param name="weights">How much each sign counts.</param>
/// <param name="context">What words count by where they stand.</param>
internal sealed class RecallSearch(RecallMemories memories, RecallWeights weights, ContextWeights context)
{
    private readonly QueryAnalyzer _analyzer = new(memories);
    private readonly TermScores _terms = new(memories, weights, context);
    private readonly MemoryPriors _priors = new(memories, weights);
    private readonly CandidateScores _scores = new();

    /// <summary>About how many bytes it holds between searches.</summary>
    public long EstimatedBytes => _terms.EstimatedBytes + _scores.EstimatedBytes;

    /// <summary>Answers a question.</summary>
    /// <param name="query">The question.</param>
    /// <returns>The best memories, best first.</returns>
    public IReadOnlyList<RecallHit> Run(RecallQuery query)
    {
        AnalyzedQuery question = _analyzer.Analyze(query);
        _scores.Start(memories.Entries.Capacity);
        if (question.Words.Count == 0)
        {
            _terms.Coverage.Start();
            AddAll(question.IsGeneral);
            query.Trace?.AfterWords(_scores);
        }
        else
        {
            _terms.Add(question.Words, _scores, query.Accept, query.Trace);
        }

        _priors.Apply(question, _scores, query.Trace);
        var equals = new EqualFactChoice(memories.Entries, query.Accept);
        ScoredSlot[] best = Best(question, query, equals);
        return
        [
            .. best.Select(scored => new RecallHit(memories.Entries[scored.Slot].Id, scored.Score)
            {
                Fit = _terms.Coverage.Of(scored.Slot, question.Dates),
                Count = equals.CountOf(scored.Slot),
                Why = query.Trace?.Of(scored.Slot, _terms.Coverage.WordsOf(scored.Slot)),
            }),
        ];
    }

    private void AddAll(bool isGeneral)
    {
        for (int slot = 0; slot < memories.Entries.Slots; slot++)
        {
            if (memories.Entries[slot].Id is not null)
            {
                _scores.Add(slot, isGeneral ? MemoryPriors.TellingOfPerson(memories.Entries[slot]) : 1);
            }
        }
    }

    private ScoredSlot[] Best(AnalyzedQuery question, RecallQuery query, EqualFactChoice equals)
    {
        bool spreads = question.AsksSeveral && weights.Spread > 0;
        var top = new TopMemories(memories.Entries, spreads ? EpisodeSpread.LookAhead(query.Limit) : query.Limit, query.Accept);
        foreach (int slot in _scores.Slots)
        {
            if (!equals.Take(slot, _scores[slot]))
            {
                top.Offer(slot, _scores[slot]);
            }
        }

        foreach (ScoredSlot newest in equals.Newest())
        {
            top.Offer(newest.Slot, newest.Score);
        }

        return spreads ? EpisodeSpread.Choose(top.Take(), memories.Entries, weights.Spread, query.Limit) : top.Take();
    }
}

/// <summary>
/// The scale on which scores are told, 0 to 1: how much of the question is there, times how near a memory comes to the best one. The first
/// part compares answers, the second the memories of one.
/// </summary>
internal static class ScoreScale
{
    // The best by rank is not always the one that has most of the question.
    private const int Looked = 3;

    /// <summary>Puts an answer on the scale.</summary>
    /// <param name="hits">The answer, best first.</param>
    /// <returns>Its scores in the same order, never rising.</returns>
    public static double[] Of(IReadOnlyList<RecallHit> hits)
    {
        if (hits.Count == 0)
        {
            return [];
        }

        double fit = hits.Take(Looked).Max(hit => hit.Fit);
        double[] scores = new double[hits.Count];
        double last = 1;
        for (int i = 0; i < scores.Length; i++)
        {
            last = Math.Min(last, hits[0].Score > 0 ? hits[i].Score / hits[0].Score : 1);
            scores[i] = fit * last;
        }

        return scores;
    }
}
