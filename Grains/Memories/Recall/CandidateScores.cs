namespace OrleansMemory.Grains.Memories.Recall;

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
