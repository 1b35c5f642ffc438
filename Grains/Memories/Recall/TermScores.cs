namespace OrleansMemory.Grains.Memories.Recall;

/// <summary>Scores memories by the terms of a question: BM25 over each memory with its neighbours, further words from the best of them, and the episodes.</summary>
/// <param name="memories">The memories.</param>
/// <param name="weights">How much each sign counts.</param>
/// <param name="context">What words count by where they stand.</param>
internal sealed class TermScores(RecallMemories memories, RecallWeights weights, ContextWeights context)
{
    private readonly TermSpread _spread = new(memories, context);
    private readonly EpisodeScores _episodes = new(memories, weights);
    private readonly Feedback _feedback = new(memories, weights);

    /// <summary>About how many bytes it holds between searches.</summary>
    public long EstimatedBytes => _spread.EstimatedBytes + _episodes.EstimatedBytes;

    /// <summary>Scores the memories that have any of the terms: the best by its own words gets 1, and what its episode is worth comes on top.</summary>
    /// <param name="terms">The terms.</param>
    /// <param name="scores">Takes the scores.</param>
    /// <param name="accept">Whose words may be used as further ones; <see langword="null"/>: all.</param>
    public void Add(IReadOnlyList<string> terms, CandidateScores scores, Func<string, bool>? accept)
    {
        AskedWord[] words = KnownWords(terms);
        int[] asked = [.. words.Select(word => word.Term).Where(term => term >= 0)];
        var formula = new Bm25(weights.TermSaturation, weights.LengthPenalty, memories.Entries.Count, memories.Lengths.Total);
        foreach (AskedWord word in words)
        {
            AddWord(word, 1, formula, scores);
        }

        foreach ((int term, double weight) in _feedback.Choose(asked, scores, accept))
        {
            AddWord(new AskedWord("", term, []), weight, formula, scores);
        }

        scores.Normalize();
        _episodes.Add(asked, scores);
    }

    private AskedWord[] KnownWords(IReadOnlyList<string> terms)
    {
        List<AskedWord> known = [.. terms.Select(Find).Where(word => word.Term >= 0 || word.Related.Length > 0)];
        return known.Count <= RecallIndex.MaxQueryTerms
            ? [.. known]
            : [.. known.OrderBy(HavingCount).ThenBy(word => word.Text, StringComparer.Ordinal).Take(RecallIndex.MaxQueryTerms)];
    }

    private AskedWord Find(string text) => new(
        text,
        memories.Terms.Find(text),
        context.Related > 0 ? [.. RelatedWords.Of(text).Select(memories.Terms.Find).Where(term => term >= 0)] : []);

    private int HavingCount(AskedWord word) => word.Term >= 0 ? memories.Terms.PostingsOf(word.Term).Length : int.MaxValue;

    /// <summary>A related word is an occurrence of the word that counts less. How rare the word is depends on itself where memories have it.</summary>
    private void AddWord(AskedWord word, double weight, Bm25 formula, CandidateScores scores)
    {
        _spread.Clear();
        if (word.Term >= 0)
        {
            _spread.Load(word.Term, 1);
        }

        int having = _spread.Slots.Length;
        foreach (int related in word.Related)
        {
            _spread.Load(related, context.Related);
        }

        double worth = weight * formula.Rarity(having > 0 ? having : _spread.Slots.Length);
        ReadOnlySpan<double> lengths = memories.Lengths.Expanded;
        foreach (int slot in _spread.Slots)
        {
            scores.Add(slot, worth * formula.Occurrence(_spread.Take(slot), lengths[slot]));
        }
    }
}
