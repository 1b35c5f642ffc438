using OrleansMemory.Memories;

namespace OrleansMemory.Grains.Memories.Recall.Scoring;

/// <summary>The scores of one search.</summary>
internal sealed class CandidateScores
{
    private double[] _scores = [];
    private bool[] _isCandidate = [];
    private int[] _slots = [];
    private int _count;

    /// <summary>The memories that are candidates, in no order.</summary>
    public ReadOnlySpan<int> Slots => _slots.AsSpan(0, _count);

    /// <summary>About how many bytes it holds.</summary>
    public long EstimatedBytes => 13L * _slots.Length;

    /// <summary>The score of a memory.</summary>
    /// <param name="slot">The memory.</param>
    /// <returns>Its score; 0 when it is no candidate.</returns>
    public double this[int slot]
    {
        get => _scores[slot];
        set => _scores[slot] = value;
    }

    /// <summary>Forgets the last search.</summary>
    /// <param name="capacity">How many slots there are.</param>
    public void Start(int capacity)
    {
        foreach (int slot in Slots)
        {
            (_scores[slot], _isCandidate[slot]) = (0, false);
        }

        _count = 0;
        if (_slots.Length < capacity)
        {
            (_scores, _isCandidate, _slots) = (new double[capacity], new bool[capacity], new int[capacity]);
        }
    }

    /// <summary>Adds to the score of a memory, which becomes a candidate.</summary>
    /// <param name="slot">The memory.</param>
    /// <param name="score">What is added.</param>
    public void Add(int slot, double score)
    {
        if (!_isCandidate[slot])
        {
            _isCandidate[slot] = true;
            _slots[_count++] = slot;
        }

        _scores[slot] += score;
    }

    /// <summary>Divides the scores by the best one.</summary>
    public void Normalize()
    {
        double best = 0;
        foreach (int slot in Slots)
        {
            best = Math.Max(best, _scores[slot]);
        }

        foreach (int slot in Slots)
        {
            _scores[slot] /= best;
        }
    }
}

/// <summary>
/// How the scores of one search came about. The search says at each step what the scores are; the differences are the reasons.
/// </summary>
internal sealed class ScoreTrace
{
    private readonly Dictionary<int, double> _words = [];
    private readonly Dictionary<int, double> _episodes = [];
    private readonly Dictionary<int, double> _dates = [];
    private readonly Dictionary<int, (double Kind, double Speaker)> _factors = [];

    /// <summary>The scores are those of words.</summary>
    /// <param name="scores">The scores.</param>
    public void AfterWords(CandidateScores scores) => Copy(scores, _words);

    /// <summary>What episodes are worth has been added.</summary>
    /// <param name="scores">The scores.</param>
    public void AfterEpisodes(CandidateScores scores) => Copy(scores, _episodes);

    /// <summary>What dates are worth has been added, and further memories for their dates alone.</summary>
    /// <param name="scores">The scores.</param>
    public void AfterDates(CandidateScores scores) => Copy(scores, _dates);

    /// <summary>A score is multiplied.</summary>
    /// <param name="slot">The memory.</param>
    /// <param name="kind">For what kind of thing it tells.</param>
    /// <param name="speaker">For who said it.</param>
    public void Multiplied(int slot, double kind, double speaker) => _factors[slot] = (kind, speaker);

    /// <summary>The reasons of a memory.</summary>
    /// <param name="slot">The memory.</param>
    /// <param name="terms">The words of the question that it has.</param>
    /// <returns>The reasons.</returns>
    public RecallReasons Of(int slot, IEnumerable<string> terms)
    {
        double words = _words.GetValueOrDefault(slot);
        double episodes = _episodes.GetValueOrDefault(slot, words);
        (double kind, double speaker) = _factors.GetValueOrDefault(slot, (1, 1));
        return new RecallReasons
        {
            Terms = [.. terms],
            Words = words,
            Episode = episodes - words,
            Dates = _dates.GetValueOrDefault(slot, episodes) - episodes,
            Kind = kind,
            Speaker = speaker,
        };
    }

    private static void Copy(CandidateScores scores, Dictionary<int, double> to)
    {
        to.Clear();
        foreach (int slot in scores.Slots)
        {
            to[slot] = scores[slot];
        }
    }
}
