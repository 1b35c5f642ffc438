using OrleansMemory.Grains.Memories.Recall;
using Xunit;
using static OrleansMemory.Tests.Memories.Recall.Recollections;

namespace OrleansMemory.Tests.Memories.Recall;

/// <summary>Scores against a plain reading of the formulas.</summary>
public sealed class TermScoresTests
{
    private static readonly string[] Words = ["boat", "lake", "mast", "sail", "wind", "rope", "oar"];

    [Fact]
    public void Scores_are_those_of_the_formula()
    {
        for (int seed = 0; seed < 100; seed++)
        {
            var random = new Random(seed);
            List<RecallDocument> turns =
            [
                .. Enumerable
                    .Range(0, random.Next(1, 25))
                    .Select(i =>
                        Turn(
                            $"m{i}",
                            string.Join(' ', random.GetItems(Words, random.Next(1, 6) * (random.Next(4) == 0 ? 3 : 1)))
                                + (random.Next(3) == 0 ? "?" : ""),
                            episode: $"s{i % 3}",
                            position: i
                        )
                    ),
            ];
            var weights = new RecallWeights
            {
                NeighbourTerms = 4,
                Previous = 0.25,
                PreviousQuestion = 0.75,
                Next = 0.5,
                SecondPrevious = 0.125,
                SecondNext = 0.0625,
                Feedback = 0,
                Related = 0,
                Question = 1,
                Episode = 0.5,
            };
            string[] asked = [.. random.GetItems(Words, 3).Distinct(StringComparer.Ordinal)];
            Dictionary<string, double> expected = Expected(turns, asked, weights);
            IReadOnlyList<RecallHit> hits = Index(weights, turns).Search(Ask(string.Join(' ', asked), 100));
            Assert.True(expected.Count == hits.Count, $"seed {seed}: {expected.Count} expected, {hits.Count} found");
            Assert.All(hits, hit => Assert.Equal(expected[hit.Id], hit.Score, 1e-9));
        }
    }

    private static Dictionary<string, double> Expected(List<RecallDocument> turns, string[] asked, RecallWeights weights)
    {
        Dictionary<string, double>[] texts = [.. turns.Select(turn => Expand(turn, turns, weights))];
        double[] own = Formula(texts, asked, weights);
        string[] episodes = [.. turns.Select(turn => turn.Episode!).Distinct(StringComparer.Ordinal)];
        double[] whole = Formula(
            [.. episodes.Select(episode => Sum(turns.Where(turn => turn.Episode == episode).Select(turn => (turn, 1d))))],
            asked,
            weights
        );
        (double best, double bestWhole) = (own.Max(), whole.Max());
        double OfEpisode(RecallDocument turn) => weights.Episode * whole[Array.IndexOf(episodes, turn.Episode!)] / bestWhole;
        return Enumerable
            .Range(0, turns.Count)
            .Where(i => own[i] > 0)
            .ToDictionary(i => turns[i].Id, i => (own[i] / best) + OfEpisode(turns[i]), StringComparer.Ordinal);
    }

    private static Dictionary<string, double> Expand(RecallDocument turn, List<RecallDocument> turns, RecallWeights weights)
    {
        List<RecallDocument> episode = [.. turns.Where(other => other.Episode == turn.Episode)];
        int at = episode.IndexOf(turn);
        var parts = new List<(RecallDocument, double)> { (turn, 1) };
        void Add(int offset, double weight)
        {
            if (at + offset >= 0 && at + offset < episode.Count)
            {
                int length = episode[at + offset].Text.Split(' ').Length;
                double lent = length <= weights.NeighbourTerms ? 1 : Math.Round(256d * weights.NeighbourTerms / length) / 256;
                parts.Add((episode[at + offset], weight * lent));
            }
        }

        Add(-1, at > 0 && episode[at - 1].Text.EndsWith('?') ? weights.PreviousQuestion : weights.Previous);
        Add(1, weights.Next);
        Add(-2, weights.SecondPrevious);
        Add(2, weights.SecondNext);
        return Sum(parts);
    }

    private static Dictionary<string, double> Sum(IEnumerable<(RecallDocument Turn, double Weight)> parts) =>
        parts
            .SelectMany(part => part.Turn.Text.TrimEnd('?').Split(' ').Select(word => (word, part.Weight)))
            .GroupBy(word => word.word, StringComparer.Ordinal)
            .ToDictionary(group => group.Key, group => group.Sum(word => word.Weight), StringComparer.Ordinal);

    private static double[] Formula(Dictionary<string, double>[] texts, string[] asked, RecallWeights weights)
    {
        double average = texts.Average(text => text.Values.Sum());
        return
        [
            .. texts.Select(text =>
                asked
                    .Where(text.ContainsKey)
                    .Sum(word =>
                    {
                        int having = texts.Count(other => other.ContainsKey(word));
                        double rarity = Math.Log(1 + ((texts.Length - having + 0.5) / (having + 0.5)));
                        double norm =
                            weights.TermSaturation * (1 - weights.LengthPenalty + (weights.LengthPenalty * text.Values.Sum() / average));
                        return rarity * text[word] * (weights.TermSaturation + 1) / (text[word] + norm);
                    })
            ),
        ];
    }
}
