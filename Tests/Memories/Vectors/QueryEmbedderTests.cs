using OrleansMemory.Tests.Support;
using Xunit;

namespace OrleansMemory.Tests.Memories.Vectors;

public sealed class QueryEmbedderTests
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    [Fact]
    public async Task The_same_question_is_embedded_once_until_its_time_is_over()
    {
        using var generator = new MeaningGenerator();
        using var embeddings = new SomeEmbeddings(generator, options => options.QueryCacheTime = Second);
        Assert.Equal(MeaningGenerator.VectorOf("dog", 64), (await EmbedAsync(embeddings, "dog")).ToArray());
        Assert.Equal(MeaningGenerator.VectorOf("dog", 64), (await EmbedAsync(embeddings, "dog")).ToArray());
        Assert.Single(generator.Calls);
        embeddings.Clock.Advance(Second);
        await EmbedAsync(embeddings, "dog");
        Assert.Equal(2, generator.Calls.Count);
    }

    [Fact]
    public async Task The_question_that_was_not_asked_for_longest_is_forgotten_first()
    {
        using var generator = new MeaningGenerator();
        using var embeddings = new SomeEmbeddings(generator, options => options.QueryCacheSize = 2);
        foreach (string text in (string[])["a", "b", "a", "c", "a", "b"])
        {
            await EmbedAsync(embeddings, text);
        }

        Assert.Equal(["a", "b", "c", "b"], generator.Texts);
    }

    [Fact]
    public async Task Nothing_is_kept_when_nothing_is_to_be_kept()
    {
        using var generator = new MeaningGenerator();
        using var embeddings = new SomeEmbeddings(generator, options => options.QueryCacheSize = 0);
        await EmbedAsync(embeddings, "a");
        await EmbedAsync(embeddings, "a");
        Assert.Equal(2, generator.Calls.Count);
    }

    [Fact]
    public async Task A_failing_generator_costs_one_line_and_is_left_alone_for_a_while()
    {
        bool works = false;
        using var generator = new MeaningGenerator
        {
            Before = (_, _) => works ? Task.CompletedTask : throw new InvalidOperationException("secret"),
        };
        using var embeddings = new SomeEmbeddings(generator, options => options.QueryPause = Second);
        using var counter = new CounterListener(embeddings.Instruments, "orleans_memory.recall.terms_only");
        for (int i = 0; i < 3; i++)
        {
            Assert.True((await EmbedAsync(embeddings, "my secret question")).IsEmpty);
        }

        Assert.Single(generator.Calls);
        string line = Assert.Single(embeddings.Log.Lines);
        Assert.Contains("InvalidOperationException", line, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", line, StringComparison.Ordinal);
        Assert.Equal(3, counter.Sum);

        works = true;
        embeddings.Clock.Advance(Second);
        Assert.False((await EmbedAsync(embeddings, "my secret question")).IsEmpty);
        Assert.False((await EmbedAsync(embeddings, "another")).IsEmpty);
        Assert.Equal(3, counter.Sum);
    }

    [Fact]
    public async Task Questions_that_fail_together_cost_one_line()
    {
        using var gate = new Gate();
        using var generator = new MeaningGenerator { Before = (_, _) => gate.PassAsync() };
        using var embeddings = new SomeEmbeddings(generator, options => options.QueryTimeout = Second);
        Task<ReadOnlyMemory<float>>[] waiting = [.. Enumerable.Range(0, 5).Select(i => EmbedAsync(embeddings, $"{i}"))];
        for (int i = 0; i < waiting.Length; i++)
        {
            await gate.ArrivalAsync();
        }

        embeddings.Clock.Advance(Second);
        Assert.All(await Task.WhenAll(waiting), vector => Assert.True(vector.IsEmpty));
        Assert.Single(embeddings.Log.Lines);
        gate.Open();
    }

    [Fact]
    public async Task A_slow_generator_is_waited_for_no_longer_than_the_option_says()
    {
        using var gate = new Gate();
        using var generator = new MeaningGenerator { Before = (_, _) => gate.PassAsync() };
        using var embeddings = new SomeEmbeddings(generator, options => options.QueryTimeout = Second);
        Task<ReadOnlyMemory<float>> waiting = EmbedAsync(embeddings, "dog");
        await gate.ArrivalAsync();
        embeddings.Clock.Advance(Second);
        Assert.True((await waiting).IsEmpty);
        Assert.Contains("TimeoutException", Assert.Single(embeddings.Log.Lines), StringComparison.Ordinal);
        gate.Open();
    }

    [Fact]
    public async Task A_vector_of_other_dimensions_is_not_compared()
    {
        using var generator = new MeaningGenerator { Dimensions = 8 };
        using var embeddings = new SomeEmbeddings(generator);
        Assert.True((await EmbedAsync(embeddings, "dog")).IsEmpty);
        Assert.Contains("EmbeddingDimensionsException", Assert.Single(embeddings.Log.Lines), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_a_generator_nothing_happens()
    {
        using var embeddings = new SomeEmbeddings(generator: null);
        Assert.True((await EmbedAsync(embeddings, "dog")).IsEmpty);
        Assert.Empty(embeddings.Log.Lines);
    }

    [Fact]
    public async Task A_caller_who_gives_up_is_no_failure_of_the_generator()
    {
        using var gate = new Gate();
        using var generator = new MeaningGenerator { Before = (_, token) => gate.PassUnlessAsync(token) };
        using var embeddings = new SomeEmbeddings(generator);
        using var source = new CancellationTokenSource();
        Task<ReadOnlyMemory<float>> waiting = embeddings.Queries.EmbedAsync("dog", source.Token);
        await gate.ArrivalAsync();
        await source.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting.WithTimeout());
        gate.Open();
        Assert.False((await EmbedAsync(embeddings, "dog")).IsEmpty);
        Assert.Empty(embeddings.Log.Lines);
    }

    private static Task<ReadOnlyMemory<float>> EmbedAsync(SomeEmbeddings embeddings, string text) =>
        embeddings.Queries.EmbedAsync(text, CancellationToken.None).WithTimeout();
}
