using OrleansMemory.Grains.Memories.Vectors;
using OrleansMemory.Grains.Storage;
using Xunit;

namespace OrleansMemory.Tests.Memories.Vectors;

public sealed class VectorIndexTests
{
    [Fact]
    public void The_nearest_come_first_with_their_cosine()
    {
        var index = new VectorIndex(2);
        index.Put("east", [5, 0]);
        index.Put("north", [0, 0.1f]);
        index.Put("west", [-3, 0]);
        VectorHit[] hits = index.Search([2, 2.001f], 3);
        Assert.Equal(["north", "east", "west"], hits.Select(hit => hit.Id));
        Assert.Equal(0.7071, hits[0].Similarity, 3);
        Assert.Equal(-0.7071, hits[2].Similarity, 3);
    }

    [Fact]
    public void A_vector_is_replaced_in_place_and_a_removed_one_is_gone()
    {
        var index = new VectorIndex(2);
        index.Put("a", [1, 0]);
        index.Put("a", [0, 1]);
        index.Put("b", [1, 1]);
        Assert.Equal(2, index.Count);
        Assert.Equal(["a", "b"], index.Search([0, 1], 5).Select(hit => hit.Id));
        Assert.True(index.Remove("a"));
        Assert.False(index.Remove("a"));
        Assert.False(index.Contains("a"));
        Assert.Equal(["b"], index.Search([0, 1], 5).Select(hit => hit.Id));
    }

    [Fact]
    public void Slots_are_used_again_so_that_change_costs_no_room()
    {
        var index = new VectorIndex(8);
        for (int i = 0; i < 100; i++)
        {
            index.Put($"{i}", MeaningGenerator.VectorOf($"{i}", 8));
        }

        long bytes = index.EstimatedBytes;
        for (int i = 100; i < 10_000; i++)
        {
            index.Remove($"{i - 100}");
            index.Put($"{i}", MeaningGenerator.VectorOf($"{i}", 8));
        }

        Assert.Equal(100, index.Count);
        Assert.Equal(bytes, index.EstimatedBytes);
        Assert.Equal(100, index.Search([1, 0, 0, 0, 0, 0, 0, 0], 1_000).Length);
    }

    [Fact]
    public void Equally_near_ones_come_by_id_whatever_their_order_was()
    {
        foreach (string[] order in new[] { new[] { "c", "a", "b" }, ["b", "c", "a"] })
        {
            var index = new VectorIndex(2);
            foreach (string id in order)
            {
                index.Put(id, [1, 1]);
            }

            Assert.Equal(["a", "b"], index.Search([1, 0], 2).Select(hit => hit.Id));
        }
    }

    [Fact]
    public void What_is_not_accepted_or_not_near_enough_takes_no_place()
    {
        var index = new VectorIndex(2);
        index.Put("a", [1, 0]);
        index.Put("b", [1, 0.1f]);
        index.Put("c", [0, 1]);
        Assert.Equal(["b"], index.Search([1, 0], 1, accept: id => id != "a").Select(hit => hit.Id));
        Assert.Equal(["a", "b"], index.Search([1, 0], 5, least: 0.5f).Select(hit => hit.Id));
        Assert.Empty(new VectorIndex(2).Search([1, 0], 5));
    }

    [Fact]
    public void Vectors_of_other_dimensions_or_without_direction_are_refused()
    {
        var index = new VectorIndex(2);
        Assert.Contains(
            "3 dimensions",
            Assert.Throws<ArgumentException>(() => index.Put("a", [1, 2, 3])).Message,
            StringComparison.Ordinal
        );
        Assert.Throws<ArgumentException>(() => index.Search([1], 1));
        foreach (float[] nowhere in new float[][] { [0, 0], [float.NaN, 1], [float.PositiveInfinity, 1] })
        {
            Assert.Contains(
                "no direction",
                Assert.Throws<ArgumentException>(() => index.Put("a", nowhere)).Message,
                StringComparison.Ordinal
            );
            Assert.Throws<ArgumentException>(() => index.Search(nowhere, 1));
        }

        Assert.Throws<ArgumentOutOfRangeException>(() => index.Search([1, 1], 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => new VectorIndex(0));
        Assert.Equal(0, index.Count);
    }

    [Fact]
    public void Very_large_and_very_small_vectors_keep_their_direction()
    {
        var index = new VectorIndex(2);
        index.Put("large", [1e38f, 1e38f]);
        index.Put("small", [1e-40f, 0]);
        VectorHit[] hits = index.Search([1e-30f, 0], 2);
        Assert.Equal(["small", "large"], hits.Select(hit => hit.Id));
        Assert.Equal(0.7071, hits[1].Similarity, 3);
    }

    [Theory]
    [InlineData(3, 1)]
    [InlineData(31, 2)]
    [InlineData(20_000, 3)]
    public void It_finds_what_a_plain_computation_finds(int dimensions, int seed)
    {
        var random = new Random(seed);
        var index = new VectorIndex(dimensions);
        var model = new Dictionary<string, float[]>(StringComparer.Ordinal);
        int steps = dimensions > 1_000 ? 80 : 2_000;
        for (int step = 0; step < steps; step++)
        {
            string id = $"{random.Next(steps / 4)}";
            if (random.Next(4) == 0)
            {
                Assert.Equal(model.Remove(id), index.Remove(id));
                continue;
            }

            float[] vector = [.. Enumerable.Range(0, dimensions).Select(_ => (random.NextSingle() * 20) - 10)];
            model[id] = vector;
            index.Put(id, vector);
            if (step % 20 == 0)
            {
                Compare(random, index, model, $"seed {seed}, step {step}");
            }
        }
    }

    private static void Compare(Random random, VectorIndex index, Dictionary<string, float[]> model, string where)
    {
        float[] query = [.. Enumerable.Range(0, index.Dimensions).Select(_ => (random.NextSingle() * 2) - 1)];
        int limit = random.Next(1, 20);
        VectorHit[] hits = index.Search(query, limit, accept: id => !id.EndsWith('7'));
        (string Id, double Cosine)[] expected =
        [
            .. model
                .Where(pair => !pair.Key.EndsWith('7'))
                .Select(pair => (pair.Key, Cosine(query, pair.Value)))
                .OrderByDescending(pair => pair.Item2)
                .Take(limit),
        ];
        Assert.True(expected.Length == hits.Length, where);
        Assert.All(expected.Zip(hits), pair => Assert.True(Math.Abs(pair.First.Cosine - pair.Second.Similarity) < 1e-5, where));
        Assert.All(hits, hit => Assert.True(Math.Abs(Cosine(query, model[hit.Id]) - hit.Similarity) < 1e-5, where));
        Assert.True(hits.Distinct().Count() == hits.Length, where);
    }

    private static double Cosine(float[] x, float[] y)
    {
        double dot = 0;
        double xx = 0;
        double yy = 0;
        for (int i = 0; i < x.Length; i++)
        {
            dot += (double)x[i] * y[i];
            xx += (double)x[i] * x[i];
            yy += (double)y[i] * y[i];
        }

        return dot / Math.Sqrt(xx * yy);
    }
}
