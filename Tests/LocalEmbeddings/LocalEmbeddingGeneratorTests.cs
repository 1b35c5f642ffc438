using Microsoft.Extensions.AI;
using OrleansMemory.LocalEmbeddings;
using OrleansMemory.Tests.Support;
using Xunit;
using static OrleansMemory.Tests.LocalEmbeddings.LocalModels;

namespace OrleansMemory.Tests.LocalEmbeddings;

public sealed class LocalEmbeddingGeneratorTests
{
    // What differs by the processor and by the texts in a batch is in the last digits.
    private const double Same = 0.99999;

    private static readonly string Long = string.Concat(Enumerable.Range(0, 2_000).Select(i => $"word{i % 37} and so on; "));

    /// <summary>
    /// The first two lines are what Qdrant's fastembed has its own runs of the models compared with; the others were computed with
    /// onnxruntime-node and Hugging Face's tokenizers.
    /// </summary>
    public static TheoryData<LocalEmbeddingModel, string, float[]> Known =>
        new()
        {
            { LocalEmbeddingModel.ArcticXs, "hello world", [0.0092f, 0.0619f, 0.0196f, 0.009f, -0.0114f] },
            { LocalEmbeddingModel.MiniLM, "hello world", [-0.034478f, 0.03102f, 0.00673f, 0.02611f, -0.039362f] },
            {
                LocalEmbeddingModel.ArcticXs,
                "Café Crème à la CRÈME brûlée, naïve Ångström Žižek",
                [0.07602f, 0.03263f, -0.03667f, -0.03195f, 0.01263f]
            },
            { LocalEmbeddingModel.MiniLM, "제 고양이 이름은 미미입니다", [-0.04870f, 0.08210f, 0.09483f, -0.03168f, -0.01015f] },
            { LocalEmbeddingModel.ArcticXs, "", [-0.00740f, 0.02903f, 0.00496f, -0.01118f, -0.02051f] },
        };

    [Theory]
    [MemberData(nameof(Known), DisableDiscoveryEnumeration = true)]
    public async Task Vectors_are_those_of_other_programs_with_the_same_model(LocalEmbeddingModel model, string text, float[] first)
    {
        float[] vector = (await EmbedAsync(model == LocalEmbeddingModel.MiniLM ? MiniLM : ArcticXs, text))[0];
        Assert.Equal(384, vector.Length);
        Assert.All(first.Zip(vector), pair => Assert.Equal(pair.First, pair.Second, tolerance: 0.0002f));
        Assert.Equal(1, Likeness(vector, vector), tolerance: 1e-5);
    }

    [Fact]
    public async Task A_text_alone_has_the_vector_that_it_has_among_others_whatever_their_length()
    {
        string[] texts =
        [
            "short",
            Long,
            "Ada's parrot is called Pistachio.",
            "",
            "short",
            "one that is a little longer than the others are, but not by very much",
        ];
        float[][] together = await EmbedAsync(ArcticXs, texts);
        for (int i = 0; i < texts.Length; i++)
        {
            Assert.True(Likeness((await EmbedAsync(ArcticXs, texts[i]))[0], together[i]) > Same, texts[i][..Math.Min(20, texts[i].Length)]);
        }

        using LocalEmbeddingGenerator wide = Make(options => options.BatchTokens = 4_096);
        Assert.All((await EmbedAsync(wide, texts)).Zip(together), pair => Assert.True(Likeness(pair.First, pair.Second) > Same));
    }

    [Fact]
    public async Task The_same_call_gives_the_same_vectors() =>
        Assert.Equal(await EmbedAsync(ArcticXs, "one", "another one", Long), await EmbedAsync(ArcticXs, "one", "another one", Long));

    [Theory]
    [InlineData("Where does she work?", "She is employed by the town hall.", "The soup needs more salt.")]
    [InlineData("How is the dog?", "Our puppy has to see the vet again.", "The train to Porto leaves at nine.")]
    [InlineData("What is he allergic to?", "Peanuts make his throat swell.", "He repaired the roof in spring.")]
    public async Task What_means_the_same_is_nearer_than_what_does_not(string question, string neighbour, string stranger)
    {
        foreach (LocalEmbeddingGenerator generator in new[] { ArcticXs, MiniLM })
        {
            float[] asked = await QueryAsync(generator, question);
            float[][] told = await EmbedAsync(generator, neighbour, stranger);
            Assert.True(Likeness(asked, told[0]) > Likeness(asked, told[1]) + 0.02);
        }
    }

    [Fact]
    public async Task A_question_has_the_prefix_of_the_model_and_a_memory_has_none()
    {
        const string Text = "Where is the key?";
        float[] written = (await EmbedAsync(ArcticXs, "Represent this sentence for searching relevant passages: " + Text))[0];
        Assert.True(Likeness(written, await QueryAsync(ArcticXs, Text)) > Same);
        Assert.True(Likeness(written, (await EmbedAsync(ArcticXs, Text))[0]) < 0.99);
        Assert.True(Likeness((await EmbedAsync(MiniLM, Text))[0], await QueryAsync(MiniLM, Text)) > Same);

        using LocalEmbeddingGenerator other = Make(options => (options.QueryPrefix, options.DocumentPrefix) = ("", "passage: "));
        Assert.True(Likeness((await EmbedAsync(ArcticXs, Text))[0], await QueryAsync(other, Text)) > Same);
        Assert.True(Likeness((await EmbedAsync(ArcticXs, "passage: " + Text))[0], (await EmbedAsync(other, Text))[0]) > Same);
    }

    [Fact]
    public async Task A_long_text_counts_up_to_the_most_tokens()
    {
        GeneratedEmbeddings<Embedding<float>> answer = await ArcticXs.GenerateAsync([
            Long,
            Long + " and an end that nobody reads",
            "two words",
        ]);
        Assert.True(Likeness(answer[0].Vector.ToArray(), answer[1].Vector.ToArray()) > Same);
        Assert.Equal(512 + 512 + 4, answer.Usage!.InputTokenCount);

        using LocalEmbeddingGenerator brief = Make(options => options.MaxTokens = 8);
        float[][] vectors = await EmbedAsync(
            brief,
            "one two three four five six",
            "one two three four five six seven eight",
            "one two three four five"
        );
        Assert.True(Likeness(vectors[0], vectors[1]) > Same);
        Assert.True(Likeness(vectors[0], vectors[2]) < Same);
    }

    [Fact]
    public async Task Broken_text_has_the_vector_of_what_is_left_of_it()
    {
        float[][] vectors = await EmbedAsync(ArcticXs, "a cat\0 sits\ud83d here", "a cat sits here", "\ud83d", "");
        Assert.True(Likeness(vectors[0], vectors[1]) > Same);
        Assert.True(Likeness(vectors[2], vectors[3]) > Same);
        Assert.DoesNotContain(vectors.SelectMany(vector => vector), float.IsNaN);
    }

    [Fact]
    public async Task Many_may_ask_at_the_same_time()
    {
        string[] texts = [.. Enumerable.Range(0, 12).Select(i => string.Concat(Enumerable.Repeat($"text {i} ", i + 1)))];
        float[][] expected = await EmbedAsync(ArcticXs, texts);
        float[][][] answers = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => EmbedAsync(ArcticXs, texts))).WithTimeout();
        float[][] questions = await Task.WhenAll(texts.Select(text => QueryAsync(MiniLM, text))).WithTimeout();
        Assert.All(answers, answer => Assert.Equal(expected, answer));
        Assert.All((await EmbedAsync(MiniLM, texts)).Zip(questions), pair => Assert.True(Likeness(pair.First, pair.Second) > Same));
    }

    [Fact]
    public async Task A_call_that_is_cancelled_ends_before_its_next_batch_and_leaves_the_generator_usable()
    {
        using var cancellation = new CancellationTokenSource();
        Task<GeneratedEmbeddings<Embedding<float>>> call = ArcticXs.GenerateAsync(
            Enumerable.Repeat(Long, 500),
            cancellationToken: cancellation.Token
        );
        await cancellation.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call).WithTimeout();
        Assert.Single(await ArcticXs.GenerateAsync(["afterwards"], cancellationToken: CancellationToken.None).WithTimeout());
    }

    [Fact]
    public async Task It_may_be_disposed_while_somebody_asks()
    {
        LocalEmbeddingGenerator generator = Make(_ => { });
        Task<GeneratedEmbeddings<Embedding<float>>>[] calls =
        [
            .. Enumerable.Range(0, 4).Select(i => generator.GenerateAsync([Long, "short"], i % 2 == 0 ? AsQuery() : null)),
        ];
        generator.Dispose();
        generator.Dispose();
        foreach (Task<GeneratedEmbeddings<Embedding<float>>> call in calls)
        {
            // Which batches were under way is chance; each call has all of its vectors or none.
            Exception? failure = await Record.ExceptionAsync(() => call).WithTimeout();
            Assert.True(failure is null or ObjectDisposedException, failure?.ToString());
        }

        await Assert.ThrowsAsync<ObjectDisposedException>(() => generator.GenerateAsync(["x"])).WithTimeout();
    }

    [Fact]
    public void It_says_what_it_is()
    {
        var metadata = (EmbeddingGeneratorMetadata)ArcticXs.GetService(typeof(EmbeddingGeneratorMetadata))!;
        Assert.Equal(
            ("onnxruntime", "snowflake-arctic-embed-xs", 384),
            (metadata.ProviderName, metadata.DefaultModelId, metadata.DefaultModelDimensions)
        );
        Assert.Same(ArcticXs, ArcticXs.GetService(typeof(IEmbeddingGenerator<string, Embedding<float>>)));
        Assert.Same(ArcticXs, ArcticXs.GetService(typeof(LocalEmbeddingGenerator)));
        Assert.Null(ArcticXs.GetService(typeof(EmbeddingGeneratorMetadata), "key"));
        Assert.Null(ArcticXs.GetService(typeof(string)));
    }

    [Fact]
    public async Task What_it_cannot_do_is_refused()
    {
        Assert.Empty(await ArcticXs.GenerateAsync([]));
        Assert.Single(
            await ArcticXs.GenerateAsync(["x"], new EmbeddingGenerationOptions { Dimensions = 384, ModelId = "snowflake-arctic-embed-xs" })
        );
        Assert.StartsWith(
            "The model has 384 dimensions, and no others.",
            (
                await Assert.ThrowsAsync<ArgumentException>(() =>
                    ArcticXs.GenerateAsync(["x"], new EmbeddingGenerationOptions { Dimensions = 128 })
                )
            ).Message,
            StringComparison.Ordinal
        );
        Assert.StartsWith(
            "The model is snowflake-arctic-embed-xs, and no other.",
            (
                await Assert.ThrowsAsync<ArgumentException>(() =>
                    ArcticXs.GenerateAsync(["x"], new EmbeddingGenerationOptions { ModelId = "ada" })
                )
            ).Message,
            StringComparison.Ordinal
        );
        Assert.StartsWith(
            "A text is null.",
            (await Assert.ThrowsAsync<ArgumentException>(() => ArcticXs.GenerateAsync(["x", null!]))).Message,
            StringComparison.Ordinal
        );
        await Assert.ThrowsAsync<ArgumentNullException>(() => ArcticXs.GenerateAsync(null!));
    }
}
