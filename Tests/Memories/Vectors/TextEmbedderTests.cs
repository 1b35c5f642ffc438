using System.Net;
using OrleansMemory.Grains.Memories.Vectors;
using OrleansMemory.Tests.Support;
using Xunit;

namespace OrleansMemory.Tests.Memories.Vectors;

public sealed class TextEmbedderTests
{
    [Fact]
    public async Task A_failure_in_passing_is_repeated_after_growing_pauses()
    {
        int calls = 0;
        using var generator = new MeaningGenerator
        {
            Before = (_, _) => ++calls < 3 ? throw new HttpRequestException("down") : Task.CompletedTask,
        };
        var pauses = new ImpatientClock();
        using var embeddings = new SomeEmbeddings(generator, options => options.RetryDelay = TimeSpan.FromSeconds(2), pauses);
        ReadOnlyMemory<float>[] vectors = await embeddings.Texts.EmbedAsync(["dog"], CancellationToken.None).WithTimeout();
        Assert.Equal(MeaningGenerator.VectorOf("dog", 64), vectors[0].ToArray());
        Assert.Equal([TimeSpan.FromSeconds(2), TimeSpan.FromSeconds(4)], pauses.Pauses);
    }

    [Fact]
    public async Task A_text_that_is_refused_does_not_stand_in_the_way_of_the_others()
    {
        using var generator = new MeaningGenerator
        {
            Before = (texts, _) => texts.Contains("poison") ? throw new InvalidOperationException("no") : Task.CompletedTask,
        };
        using var embeddings = new SomeEmbeddings(generator, options => options.MaxRetries = 0);
        string[] texts = [.. Enumerable.Range(0, 40).Select(i => i is 7 or 23 ? "poison" : $"word{i}")];
        ReadOnlyMemory<float>[] vectors = await embeddings.Texts.EmbedAsync(texts, CancellationToken.None).WithTimeout();
        Assert.Equal([7, 23], vectors.Index().Where(vector => vector.Item.IsEmpty).Select(vector => vector.Index));
        Assert.All(
            vectors.Index().Where(vector => !vector.Item.IsEmpty),
            vector => Assert.Equal(MeaningGenerator.VectorOf(texts[vector.Index], 64), vector.Item.ToArray())
        );
        Assert.True(generator.Calls.Count < 40, $"{generator.Calls.Count} calls");
    }

    [Fact]
    public async Task A_text_without_a_direction_counts_as_refused()
    {
        using var generator = new NowhereGenerator("nowhere");
        using var embeddings = new SomeEmbeddings(generator, options => options.MaxRetries = 0);
        ReadOnlyMemory<float>[] vectors = await embeddings
            .Texts.EmbedAsync(["dog", "nowhere", "car"], CancellationToken.None)
            .WithTimeout();
        Assert.Equal([false, true, false], vectors.Select(vector => vector.IsEmpty));
    }

    [Fact]
    public async Task No_text_is_guilty_of_a_generator_that_is_down()
    {
        using var generator = new MeaningGenerator { Before = (_, _) => throw new InvalidOperationException("down") };
        using var embeddings = new SomeEmbeddings(generator, options => options.MaxRetries = 0);
        await Assert.ThrowsAsync<EmbeddingFailedException>(() =>
            embeddings.Texts.EmbedAsync(["a", "b", "c"], CancellationToken.None).WithTimeout()
        );
        Assert.Equal(2, generator.Calls.Count);
    }

    [Fact]
    public async Task No_text_is_guilty_of_a_generator_that_comes_back_just_then()
    {
        int calls = 0;
        using var generator = new MeaningGenerator
        {
            Before = (_, _) => ++calls == 1 ? throw new InvalidOperationException("down") : Task.CompletedTask,
        };
        using var embeddings = new SomeEmbeddings(generator, options => options.MaxRetries = 0);
        ReadOnlyMemory<float>[] vectors = await embeddings.Texts.EmbedAsync(["dog"], CancellationToken.None).WithTimeout();
        Assert.False(vectors[0].IsEmpty);
        Assert.Equal(["dog", EmbeddingSource.ControlText, "dog"], generator.Texts);
    }

    [Theory]
    [InlineData(HttpStatusCode.TooManyRequests)]
    [InlineData(HttpStatusCode.ServiceUnavailable)]
    public async Task No_text_is_guilty_of_too_many_requests(HttpStatusCode status)
    {
        using var generator = new MeaningGenerator
        {
            Before = (texts, _) =>
                texts[0] == EmbeddingSource.ControlText ? Task.CompletedTask : throw new HttpRequestException("later", null, status),
        };
        using var embeddings = new SomeEmbeddings(generator, options => options.MaxRetries = 0);
        Assert.True(
            (
                await Assert.ThrowsAsync<EmbeddingFailedException>(() =>
                    embeddings.Texts.EmbedAsync(["a"], CancellationToken.None).WithTimeout()
                )
            ).IsOverload
        );
    }

    [Fact]
    public async Task Other_dimensions_end_the_work_at_once()
    {
        using var generator = new MeaningGenerator { Dimensions = 3 };
        using var embeddings = new SomeEmbeddings(generator);
        await Assert.ThrowsAsync<EmbeddingDimensionsException>(() =>
            embeddings.Texts.EmbedAsync(["a", "b"], CancellationToken.None).WithTimeout()
        );
        Assert.Single(generator.Calls);
    }

    [Fact]
    public async Task Only_so_many_calls_are_under_way()
    {
        using var gate = new Gate();
        using var generator = new MeaningGenerator { Before = (_, _) => gate.PassAsync() };
        using var embeddings = new SomeEmbeddings(generator, options => options.ConcurrentBatches = 2);
        Task[] all = [.. Enumerable.Range(0, 5).Select(i => embeddings.Texts.EmbedAsync([$"{i}"], CancellationToken.None))];
        await gate.ArrivalAsync();
        await gate.ArrivalAsync();
        Assert.Equal(2, generator.Calls.Count);
        gate.Open();
        await Task.WhenAll(all).WithTimeout();
        Assert.Equal(5, generator.Calls.Count);
    }

    [Fact]
    public void A_text_is_cut_between_characters()
    {
        Assert.Equal("abc", EmbeddedText.Cut("abc", 3));
        Assert.Equal("ab", EmbeddedText.Cut("abc", 2));
        Assert.Equal("a", EmbeddedText.Cut("a\ud83d\ude00b", 2));
        Assert.Equal("a\ud83d\ude00", EmbeddedText.Cut("a\ud83d\ude00b", 3));
    }
}
