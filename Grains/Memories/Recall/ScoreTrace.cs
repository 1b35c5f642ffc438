using OrleansMemory.Memories;

namespace OrleansMemory.Grains.Memories.Recall;

/// <summary>How the scores of one search came about. The search says at each step what the scores are; the differences are the reasons.</summary>
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
