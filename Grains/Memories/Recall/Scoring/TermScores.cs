using OrleansMemory.Grains.Memories.Recall.Indexing;
using OrleansMemory.Grains.Memories.Recall.Query;

namespace OrleansMemory.Grains.Memories.Recall.Scoring;

/// <summary>
/// Scores memories by the terms of a question: BM25 over each memory with its neighbours, further words from the best of them, and the
/// episodes.
/// </summary>
/// <param name="memories">The memories.</param>
/// <param name="weights">How much each sign counts.</param>
/// <param name="context">What words count by where they stand.</param>
internal sealed class TermScores(RecallMemories memories, RecallWeights weights, ContextWeights context)
{
    private readonly TermSpread _spread = new(memories, context);
    private readonly EpisodeScores _episodes = new(memories, weights);
    private readonly Feedback _feedback = new(memories, weights);

    /// <summary>How much of the last question each memory has.</summary>
    public QuestionCoverage Coverage { get; } = new(memories, context);

    /// <summary>About how many bytes it holds between searches.</summary>
    public long EstimatedBytes => _spread.EstimatedBytes + _episodes.EstimatedBytes;

    /// <summary>
    /// Scores the memories that have any of the terms: the best by its own words gets 1, and what its episode is worth comes on top.
    /// </summary>
    /// <param name="terms">The terms.</param>
    /// <param name="scores">Takes the scores.</param>
    /// <param name="accept">Whose words may be used as further ones; <see langword="null"/>: all.</param>
    /// <param name="trace">Is told of each step; <see langword="null"/> for none.</param>
    public void Add(IReadOnlyList<QueryTerm> terms, CandidateScores scores, Func<string, bool>? accept, ScoreTrace? trace)
    {
        var formula = new Bm25(weights.TermSaturation, weights.LengthPenalty, memories.Entries.Count, memories.Lengths.Total);
        AskedWord[] words = KnownWords(terms, formula);
        foreach (AskedWord word in words)
        {
            AddWord(word, 1, formula, scores);
        }

        int[] asked = [.. words.SelectMany(word => word.Terms)];
        foreach ((int term, double weight) in _feedback.Choose(asked, scores, accept))
        {
            AddWord(new AskedWord("", [term], []), weight, formula, scores);
        }

        scores.Normalize();
        trace?.AfterWords(scores);
        _episodes.Add(words, scores);
        trace?.AfterEpisodes(scores);
    }

    private AskedWord[] KnownWords(IReadOnlyList<QueryTerm> terms, Bm25 formula)
    {
        Coverage.Start();
        List<AskedWord> known = [];
        foreach (QueryTerm term in terms)
        {
            AskedWord word = Find(term);
            if (word.Terms.Length > 0 || word.Related.Length > 0)
            {
                known.Add(word);
            }
            else if (char.IsLetterOrDigit(term.Text, 0))
            {
                Coverage.AddMissing(formula.Rarity(0, QuestionCoverage.UnknownMemories));
            }
        }

        return known.Count <= RecallIndex.MaxQueryTerms
            ? [.. known]
            : [.. known.OrderBy(HavingCount).ThenBy(word => word.Text, StringComparer.Ordinal).Take(RecallIndex.MaxQueryTerms)];
    }

    private AskedWord Find(QueryTerm asked)
    {
        IEnumerable<int> itself = asked.Others.Prepend(asked.Text).Select(memories.Terms.Find).Where(term => term >= 0);
        int[] terms = asked.IsPrefix ? [.. memories.Terms.StartingWith(asked.Text)] : [.. itself];
        return new AskedWord(asked.Text, terms, context.Related > 0 ? [.. RelatedTo(asked.Text).Except(terms)] : []);
    }

    private IEnumerable<int> RelatedTo(string text) =>
        RelatedWords.Of(text).Select(memories.Terms.Find).Where(term => term >= 0).Concat(memories.Terms.FamilyOf(text));

    private int HavingCount(AskedWord word) =>
        word.Terms.Length > 0 ? word.Terms.Sum(term => memories.Terms.PostingsOf(term).Length) : int.MaxValue;

    /// <summary>
    /// A related word is an occurrence of the word that counts less. How rare the word is depends on itself where memories have it.
    /// </summary>
    private void AddWord(AskedWord word, double weight, Bm25 formula, CandidateScores scores)
    {
        _spread.Clear();
        foreach (int term in word.Terms)
        {
            _spread.Load(term, 1);
        }

        int having = _spread.Slots.Length;
        foreach (int related in word.Related)
        {
            _spread.Load(related, context.Related);
        }

        int found = having > 0 ? having : _spread.Slots.Length;
        double rarity = formula.Rarity(found);
        if (word.Text.Length > 0)
        {
            Coverage.Add(word, formula.Rarity(found, QuestionCoverage.UnknownMemories));
        }

        ReadOnlySpan<double> lengths = memories.Lengths.Expanded;
        foreach (int slot in _spread.Slots)
        {
            scores.Add(slot, weight * rarity * formula.Occurrence(_spread.Take(slot), lengths[slot]));
        }
    }
}

/// <summary>The BM25 formula for texts of one kind.</summary>
/// <param name="saturation">How soon more occurrences stop to count (k1).</param>
/// <param name="penalty">How much long texts are held back (b).</param>
/// <param name="count">How many texts there are.</param>
/// <param name="totalLength">How long they are together.</param>
internal readonly struct Bm25(double saturation, double penalty, int count, double totalLength)
{
    private readonly double _perLength = totalLength > 0 ? saturation * penalty * count / totalLength : 0;
    private readonly double _base = saturation * (1 - penalty);

    /// <summary>What a term is worth that so many texts have.</summary>
    /// <param name="having">How many have it.</param>
    /// <param name="others">How many texts without it are counted besides.</param>
    /// <returns>Its weight, more than 0.</returns>
    public double Rarity(int having, int others = 0) => Math.Log(1 + ((count + others - having + 0.5) / (having + 0.5)));

    /// <summary>What a term's occurrences in a text are worth.</summary>
    /// <param name="frequency">How many there are; more than 0.</param>
    /// <param name="length">How long the text is.</param>
    /// <returns>More than 0, and at most k1 + 1.</returns>
    public double Occurrence(double frequency, double length) => frequency * (saturation + 1) / (frequency + _base + (_perLength * length));
}

/// <summary>A word of a question, in the terms that memories have for it.</summary>
/// <param name="Text">Its term in the question.</param>
/// <param name="Terms">
/// The numbers of the terms that are the word itself, in any language; none when memories have only related words.
/// </param>
/// <param name="Related">The numbers of the related terms.</param>
internal readonly record struct AskedWord(string Text, int[] Terms, int[] Related);
