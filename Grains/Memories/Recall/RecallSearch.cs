namespace OrleansMemory.Grains.Memories.Recall;

/// <summary>Searches the memories of an index. Its arrays are used again, so it is for one search at a time.</summary>
/// <param name="memories">The memories.</param>
/// <param name="weights">How much each sign counts.</param>
/// <param name="context">What words count by where they stand.</param>
internal sealed class RecallSearch(RecallMemories memories, RecallWeights weights, ContextWeights context)
{
    private readonly QueryAnalyzer _analyzer = new(memories.Speakers);
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
        if (question.Terms.Count == 0)
        {
            AddAll();
        }
        else
        {
            _terms.Add(question.Terms, _scores, query.Accept);
        }

        _priors.Apply(question, _scores);
        return [.. Best(question, query).Select(scored => new RecallHit(memories.Entries[scored.Slot].Id, scored.Score))];
    }

    private void AddAll()
    {
        for (int slot = 0; slot < memories.Entries.Slots; slot++)
        {
            if (memories.Entries[slot].Id is not null)
            {
                _scores.Add(slot, 1);
            }
        }
    }

    private ScoredSlot[] Best(AnalyzedQuery question, RecallQuery query)
    {
        bool spreads = question.AsksSeveral && weights.Spread > 0;
        var top = new TopMemories(memories.Entries, spreads ? EpisodeSpread.LookAhead(query.Limit) : query.Limit, query.Accept);
        foreach (int slot in _scores.Slots)
        {
            top.Offer(slot, _scores[slot]);
        }

        return spreads ? EpisodeSpread.Choose(top.Take(), memories.Entries, weights.Spread, query.Limit) : top.Take();
    }
}
