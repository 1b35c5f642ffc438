using OrleansMemory.Grains.Memories.Recall.Indexing;
using OrleansMemory.Grains.Memories.Recall.Query;

namespace OrleansMemory.Grains.Memories.Recall.Scoring;

/// <summary>
/// How much of a question a memory has, itself and beside it: the share of its words, each by its rarity, that are there. Words that no
/// memory has count as the rarest of all, so that it tells a question that is answered from one whose words only happen to be there.
/// </summary>
/// <param name="memories">The memories.</param>
/// <param name="weights">What words count by where they stand.</param>
internal sealed class QuestionCoverage(RecallMemories memories, ContextWeights weights)
{
    /// <summary>
    /// How many more memories a scope is taken to have when it is told how rare a word is. In one of a few memories, a word that half of
    /// them have is not common for that: the first fact about a trip must answer what is known of the trip.
    /// </summary>
    public const int UnknownMemories = 50;

    private readonly List<double> _rarities = [];
    private readonly List<string> _texts = [];
    private readonly Dictionary<int, List<(int Word, double Weight)>> _wordsOf = [];
    private double[] _frequencies = [];
    private double _all;
    private int _words;

    /// <summary>Starts with a question without words.</summary>
    public void Start()
    {
        _rarities.Clear();
        _texts.Clear();
        _wordsOf.Clear();
        (_all, _words) = (0, 0);
    }

    /// <summary>Adds a word that no memory has.</summary>
    /// <param name="rarity">What it is worth.</param>
    public void AddMissing(double rarity)
    {
        _all += rarity;
        _words++;
    }

    /// <summary>Adds a word.</summary>
    /// <param name="word">The word.</param>
    /// <param name="rarity">What it is worth.</param>
    public void Add(AskedWord word, double rarity)
    {
        foreach (int term in word.Terms)
        {
            Note(term, 1);
        }

        foreach (int term in word.Related)
        {
            Note(term, weights.Related);
        }

        _rarities.Add(rarity);
        _texts.Add(word.Text);
        _all += rarity;
        _words++;

        void Note(int term, double weight)
        {
            if (!_wordsOf.TryGetValue(term, out List<(int, double)>? words))
            {
                _wordsOf.Add(term, words = []);
            }

            words.Add((_rarities.Count, weight));
        }
    }

    /// <summary>The share of the question that a memory has.</summary>
    /// <param name="slot">The memory.</param>
    /// <param name="dates">The dates that the question names: together they count as one more word of its mean worth.</param>
    /// <returns>0 to 1; 1 when there is nothing to have.</returns>
    public double Of(int slot, IReadOnlyList<DateSpan> dates)
    {
        double ofDates =
            dates.Count == 0 ? 0
            : _all > 0 ? _all / _words
            : 1;
        double all = _all + ofDates;
        if (all <= 0)
        {
            return 1;
        }

        CountAround(slot);
        double had = ofDates * (dates.Count == 0 ? 0 : DateSpan.BestFitOf(memories.Entries[slot].Day, dates));
        for (int word = 0; word < _rarities.Count; word++)
        {
            had += _rarities[word] * Math.Min(1, _frequencies[word]);
        }

        return Math.Min(1, had / all);
    }

    /// <summary>The words of the question that a memory has, itself and beside it.</summary>
    /// <param name="slot">The memory.</param>
    /// <returns>The words, in the order of the question.</returns>
    public IEnumerable<string> WordsOf(int slot)
    {
        CountAround(slot);
        return [.. _texts.Where((_, word) => _frequencies[word] > 0)];
    }

    private void CountAround(int slot)
    {
        if (_frequencies.Length < _rarities.Count)
        {
            _frequencies = new double[RecallIndex.MaxQueryTerms];
        }

        Array.Clear(_frequencies);
        Count(slot, 1);
        (int before, int after) = (memories.Episodes.Previous[slot], memories.Episodes.Next[slot]);
        if (before >= 0)
        {
            Count(before, weights.OfPrevious(memories.Entries[before]) * memories.Lengths.Lent[before]);
            CountSecond(memories.Episodes.Previous[before], weights.SecondPrevious);
        }

        if (after >= 0)
        {
            Count(after, weights.Next * memories.Lengths.Lent[after]);
            CountSecond(memories.Episodes.Next[after], weights.SecondNext);
        }
    }

    private void CountSecond(int slot, double weight)
    {
        if (slot >= 0)
        {
            Count(slot, weight * memories.Lengths.Lent[slot]);
        }
    }

    private void Count(int slot, double weight)
    {
        ref MemoryEntry entry = ref memories.Entries[slot];
        for (int i = 0; i < entry.Terms.Length; i++)
        {
            if (_wordsOf.TryGetValue(entry.Terms[i], out List<(int Word, double Weight)>? words))
            {
                double occurrence = weight * (i < entry.TextTerms ? 1 : weights.Caption);
                foreach ((int word, double share) in words)
                {
                    _frequencies[word] += occurrence * share;
                }
            }
        }
    }
}
