using OrleansMemory.Grains.Memories.Recall.Indexing;

namespace OrleansMemory.Grains.Memories.Recall.Scoring;

/// <summary>How well whole episodes fit, each taken as one text. A memory without an episode fits as well as it does by itself.</summary>
/// <param name="memories">The memories.</param>
/// <param name="weights">How much each sign counts.</param>
internal sealed class EpisodeScores(RecallMemories memories, RecallWeights weights)
{
    private double[] _frequencies = [];
    private double[] _scores = [];
    private readonly List<Episode> _having = [];

    /// <summary>About how many bytes it holds.</summary>
    public long EstimatedBytes => 16L * _scores.Length;

    /// <summary>Adds to the scores of the candidates what their episodes are worth.</summary>
    /// <param name="words">The words of the question; of their terms, related ones do not count.</param>
    /// <param name="scores">The scores, at most 1.</param>
    public void Add(ReadOnlySpan<AskedWord> words, CandidateScores scores)
    {
        double best = Score(words);
        foreach (int slot in scores.Slots)
        {
            double fit = memories.Entries[slot].Episode is { } episode ? (best > 0 ? _scores[episode.Number] / best : 0) : scores[slot];
            scores[slot] += weights.Episode * fit;
        }
    }

    private double Score(ReadOnlySpan<AskedWord> words)
    {
        EpisodeTable episodes = memories.Episodes;
        if (_scores.Length < episodes.Numbers)
        {
            (_frequencies, _scores) = (new double[episodes.Numbers * 2], new double[episodes.Numbers * 2]);
        }

        Array.Clear(_scores);
        var formula = new Bm25(weights.TermSaturation, weights.LengthPenalty, episodes.Count, episodes.TotalLength);
        foreach (AskedWord word in words)
        {
            foreach (int term in word.Terms)
            {
                Count(term);
            }

            double worth = formula.Rarity(_having.Count);
            foreach (Episode episode in _having)
            {
                _scores[episode.Number] += worth * formula.Occurrence(_frequencies[episode.Number], episode.Length);
                _frequencies[episode.Number] = 0;
            }

            _having.Clear();
        }

        double best = 0;
        foreach (double score in _scores.AsSpan(0, episodes.Numbers))
        {
            best = Math.Max(best, score);
        }

        return best;
    }

    private void Count(int term)
    {
        foreach (Posting posting in memories.Terms.PostingsOf(term))
        {
            ref MemoryEntry entry = ref memories.Entries[posting.Slot];
            if (entry.Episode is not { } episode || !entry.Has(MemoryTraits.Turn))
            {
                continue;
            }

            if (_frequencies[episode.Number] == 0)
            {
                _having.Add(episode);
            }

            _frequencies[episode.Number] += posting.Weight;
        }
    }
}
