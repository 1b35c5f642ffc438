namespace OrleansMemory.Grains.Memories.Recall;

/// <summary>Searches the memories of an index. Its arrays are used again, so it is for one search at a time.</summary>
internal sealed class RecallSearch(RecallMemories memories, RecallWeights weights, ContextWeights context)
{
    private readonly TermSpread _spread = new(context);
    private readonly QueryAnalyzer _analyzer = new(memories.Speakers);
    private readonly EpisodeScores _episodes = new(memories, weights);
    private readonly Feedback _feedback = new(memories, weights);
    private readonly MemoryPriors _priors = new(memories, weights);
    private readonly CandidateScores _scores = new();

    /// <summary>About how many bytes it holds between searches.</summary>
    public long EstimatedBytes => _spread.EstimatedBytes + _scores.EstimatedBytes;

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
            AddTerms(question, query);
        }

        _priors.Apply(question, _scores);
        var top = new TopMemories(memories.Entries, query.Limit, query.Accept);
        foreach (int slot in _scores.Slots)
        {
            top.Offer(slot, _scores[slot]);
        }

        return [.. top.Take().Select(scored => new RecallHit(memories.Entries[scored.Slot].Id, scored.Score))];
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

    private void AddTerms(AnalyzedQuery question, RecallQuery query)
    {
        int[] terms = KnownTerms(question.Terms);
        var formula = new Bm25(weights.TermSaturation, weights.LengthPenalty, memories.Entries.Count, memories.Lengths.Total);
        foreach (int term in terms)
        {
            AddTerm(term, 1, formula);
        }

        foreach ((int term, double weight) in _feedback.Choose(terms, _scores, query.Accept))
        {
            AddTerm(term, weight, formula);
        }

        _scores.Normalize();
        _episodes.Add(terms, _scores);
    }

    private int[] KnownTerms(IReadOnlyList<string> terms)
    {
        List<int> known = [.. terms.Select(memories.Terms.Find).Where(term => term >= 0)];
        return known.Count <= RecallIndex.MaxQueryTerms
            ? [.. known]
            : [.. known.OrderBy(term => memories.Terms.PostingsOf(term).Length).ThenBy(term => memories.Terms[term], StringComparer.Ordinal).Take(RecallIndex.MaxQueryTerms)];
    }

    private void AddTerm(int term, double weight, Bm25 formula)
    {
        _spread.Load(memories.Terms.PostingsOf(term), memories.Episodes, memories.Entries.Capacity);
        double worth = weight * formula.Rarity(_spread.Slots.Length);
        ReadOnlySpan<double> lengths = memories.Lengths.Expanded;
        foreach (int slot in _spread.Slots)
        {
            _scores.Add(slot, worth * formula.Occurrence(_spread.Take(slot), lengths[slot]));
        }

        _spread.Clear();
    }
}
