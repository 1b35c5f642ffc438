using OrleansMemory.Grains.Memories.Vectors;
using OrleansMemory.Tests.Support;
using Xunit;

namespace OrleansMemory.Tests.Memories.Vectors;

public sealed class EmbeddingSourceTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(10);

    [Fact]
    public void Without_a_generator_there_is_no_model()
    {
        using var embeddings = new SomeEmbeddings(generator: null, options => options.Dimensions = 3);
        Assert.False(embeddings.Source.IsOn);
        Assert.Null(embeddings.Source.Model);
    }

    [Fact]
    public void The_model_is_what_the_metadata_says_and_no_call_is_made_for_it()
    {
        using var generator = new MeaningGenerator("m1", 32);
        using var embeddings = new SomeEmbeddings(generator);
        Assert.Equal(new VectorModel("tests/m1@32", 32), embeddings.Source.Model);
        Assert.Empty(generator.Calls);
    }

    [Fact]
    public void Options_override_what_the_metadata_says()
    {
        using var embeddings = new SomeEmbeddings(
            new MeaningGenerator("m1", 32),
            options => (options.Model, options.Dimensions) = ("mine", 16)
        );
        Assert.Equal(new VectorModel("mine@16", 16), embeddings.Source.Model);
    }

    [Fact]
    public async Task The_dimensions_that_options_name_are_asked_for()
    {
        using var embeddings = new SomeEmbeddings(new MeaningGenerator(dimensions: 32), options => options.Dimensions = 16);
        Assert.Equal(16, (await embeddings.Source.EmbedAsync(["dog"], Limit, CancellationToken.None).WithTimeout())[0].Length);
    }

    [Fact]
    public async Task The_generator_is_told_which_texts_are_questions()
    {
        using var generator = new MeaningGenerator(saysDimensions: false);
        using var embeddings = new SomeEmbeddings(generator);
        await embeddings.Source.DetectAsync(Limit, CancellationToken.None).WithTimeout();
        await embeddings.Texts.EmbedAsync(["a memory"], CancellationToken.None).WithTimeout();
        await embeddings.Queries.EmbedAsync("a question", CancellationToken.None).WithTimeout();
        Assert.Equal(["document", "document", "query"], generator.Inputs);
    }

    [Theory]
    [InlineData(true, "tests/words@32")]
    [InlineData(false, "unnamed/unnamed@32")]
    public async Task Dimensions_that_nobody_says_are_found_out_once(bool hasMetadata, string id)
    {
        using var generator = new MeaningGenerator(dimensions: 32, saysDimensions: false, hasMetadata: hasMetadata);
        using var embeddings = new SomeEmbeddings(generator);
        Assert.True(embeddings.Source.IsOn);
        Assert.Null(embeddings.Source.Model);
        Assert.Equal(id, (await embeddings.Source.DetectAsync(Limit, CancellationToken.None).WithTimeout()).Id);
        Assert.Equal(id, (await embeddings.Source.DetectAsync(Limit, CancellationToken.None).WithTimeout()).Id);
        Assert.Equal([EmbeddingSource.ControlText], Assert.Single(generator.Calls));
    }

    [Fact]
    public async Task A_failure_is_told_by_its_kind_and_never_by_its_text()
    {
        using var generator = new MeaningGenerator
        {
            Before = (texts, _) => throw new InvalidOperationException($"cannot embed '{texts[0]}'"),
        };
        using var embeddings = new SomeEmbeddings(generator);
        EmbeddingFailedException failure = await Assert.ThrowsAsync<EmbeddingFailedException>(() => EmbedAsync(embeddings, "secret"));
        Assert.Equal(nameof(InvalidOperationException), failure.ErrorType);
        Assert.DoesNotContain("secret", failure.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_generator_that_does_not_answer_is_left_behind_after_the_time_limit()
    {
        using var gate = new Gate();
        using var generator = new MeaningGenerator { Before = (_, _) => gate.PassAsync() };
        using var embeddings = new SomeEmbeddings(generator);
        Task<ReadOnlyMemory<float>[]> waiting = EmbedAsync(embeddings, "dog");
        await gate.ArrivalAsync();
        embeddings.Clock.Advance(Limit);
        Assert.Equal(nameof(TimeoutException), (await Assert.ThrowsAsync<EmbeddingFailedException>(() => waiting)).ErrorType);
        gate.Open();
    }

    [Fact]
    public async Task A_caller_who_gives_up_is_no_failure()
    {
        using var gate = new Gate();
        using var generator = new MeaningGenerator { Before = (_, token) => gate.PassUnlessAsync(token) };
        using var embeddings = new SomeEmbeddings(generator);
        using var source = new CancellationTokenSource();
        Task<ReadOnlyMemory<float>[]> waiting = embeddings.Source.EmbedAsync(["dog"], Limit, source.Token);
        await gate.ArrivalAsync();
        await source.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting.WithTimeout());
    }

    [Fact]
    public async Task Vectors_of_other_dimensions_are_refused_with_both_numbers()
    {
        using var generator = new MeaningGenerator(dimensions: 32) { Dimensions = 8 };
        using var embeddings = new SomeEmbeddings(generator);
        EmbeddingDimensionsException failure = await Assert.ThrowsAsync<EmbeddingDimensionsException>(() => EmbedAsync(embeddings, "dog"));
        Assert.Equal((32, 8), (failure.Expected, failure.Actual));
        Assert.Contains("VectorOptions.Dimensions", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_synchronous_generator_does_not_hold_the_caller()
    {
        using var started = new ManualResetEventSlim();
        using var finish = new ManualResetEventSlim();
        using var generator = new MeaningGenerator
        {
            Before = (_, _) =>
            {
                started.Set();
                finish.Wait(Timings.Patience, CancellationToken.None);
                return Task.CompletedTask;
            },
        };
        using var embeddings = new SomeEmbeddings(generator);
        Task<ReadOnlyMemory<float>[]> waiting = EmbedAsync(embeddings, "dog");
        Assert.False(waiting.IsCompleted);
        finish.Set();
        Assert.Single(await waiting);
        Assert.True(started.IsSet);
    }

    private static Task<ReadOnlyMemory<float>[]> EmbedAsync(SomeEmbeddings embeddings, string text) =>
        embeddings.Source.EmbedAsync([text], Limit, CancellationToken.None).WithTimeout();
}
