using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using OrleansMemory.LocalEmbeddings;
using OrleansMemory.LocalEmbeddings.Models;
using OrleansMemory.Tests.Memories.Vectors;
using OrleansMemory.Tests.Support;
using Xunit;

namespace OrleansMemory.Tests.LocalEmbeddings;

public sealed class LocalEmbeddingOptionsTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("local-embeddings-").FullName;

    public static TheoryData<Action<LocalEmbeddingOptions>, string> Wrong =>
        new()
        {
            { options => options.Model = (LocalEmbeddingModel)7, "LocalEmbeddingOptions.Model must be ArcticXs, MiniLM or File." },
            { options => options.MaxTokens = 7, "LocalEmbeddingOptions.MaxTokens must be 8 to 8192." },
            { options => options.MaxTokens = 513, "LocalEmbeddingOptions.MaxTokens must be at most 512 for ArcticXs." },
            { options => options.BatchTokens = 0, "LocalEmbeddingOptions.BatchTokens must be 8 to 65536." },
            { options => options.Threads = 0, "LocalEmbeddingOptions.Threads must be 1 to 64." },
            { options => options.Threads = 65, "LocalEmbeddingOptions.Threads must be 1 to 64." },
            { options => options.QueryPrefix = new string('x', 501), "LocalEmbeddingOptions.QueryPrefix must be up to 500 characters." },
            {
                options => options.DocumentPrefix = new string('x', 501),
                "LocalEmbeddingOptions.DocumentPrefix must be up to 500 characters."
            },
            {
                options => options.Pooling = EmbeddingPooling.Mean,
                "LocalEmbeddingOptions.Pooling and LowerCase are for Model = File only."
            },
            { options => options.LowerCase = false, "LocalEmbeddingOptions.Pooling and LowerCase are for Model = File only." },
            { options => options.ModelPath = "/x.onnx", "LocalEmbeddingOptions.ModelPath and VocabularyPath are for Model = File only." },
            {
                options => (options.Model, options.Pooling) = (LocalEmbeddingModel.File, (EmbeddingPooling)9),
                "LocalEmbeddingOptions.Pooling must be Mean or FirstToken."
            },
            {
                options => (options.Model, options.VocabularyPath) = (LocalEmbeddingModel.File, "/no/vocab.txt"),
                "LocalEmbeddingOptions.ModelPath must be set where Model is File."
            },
            {
                options => (options.Model, options.VocabularyPath) = (LocalEmbeddingModel.File, "/no/vocab.txt"),
                "LocalEmbeddingOptions.VocabularyPath: there is no file /no/vocab.txt."
            },
        };

    [Theory]
    [MemberData(nameof(Wrong), DisableDiscoveryEnumeration = true)]
    public async Task A_wrong_option_ends_the_start_with_one_line(Action<LocalEmbeddingOptions> configure, string message)
    {
        using IHost host = Host(configure);
        OptionsValidationException failure = await Assert.ThrowsAsync<OptionsValidationException>(() => host.StartAsync()).WithTimeout();
        Assert.Contains(message, failure.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', failure.Message);

        // No one gets around the rules without a container.
        Assert.Contains(message, Assert.Throws<OptionsValidationException>(() => LocalModels.Make(configure)).Failures);
    }

    [Fact]
    public void A_package_that_is_missing_is_named()
    {
        Assert.False((ModelProfile.Of(LocalEmbeddingModel.MiniLM)! with { Package = "SentenceTransformers.Nowhere" }).IsThere);
        Assert.True(ModelProfile.Of(LocalEmbeddingModel.MiniLM)!.IsThere);
    }

    [Fact]
    public async Task One_call_is_enough_and_two_change_nothing()
    {
        using IHost host = Host(_ => { }, services => services.AddLocalEmbeddings(options => options.BatchTokens = 64));
        await host.StartAsync().WithTimeout();
        var generator = host.Services.GetRequiredService<IEmbeddingGenerator<string, Embedding<float>>>();
        Assert.Same(host.Services.GetRequiredService<LocalEmbeddingGenerator>(), generator);
        Assert.Single(host.Services.GetServices<IEmbeddingGenerator<string, Embedding<float>>>());
        Assert.Equal(384, (await generator.GenerateAsync(["x"]))[0].Vector.Length);
        await host.StopAsync().WithTimeout();
    }

    [Fact]
    public void A_generator_that_is_registered_already_stays()
    {
        using var own = new MeaningGenerator();
        using ServiceProvider services = new ServiceCollection()
            .AddSingleton<IEmbeddingGenerator<string, Embedding<float>>>(own)
            .AddLocalEmbeddings()
            .BuildServiceProvider();
        Assert.Same(own, services.GetRequiredService<IEmbeddingGenerator<string, Embedding<float>>>());
    }

    [Fact]
    public async Task A_model_of_ones_own_is_read_from_its_files()
    {
        (string model, string vocabulary) = WriteArctic();
        void Configure(LocalEmbeddingOptions options) =>
            (options.Model, options.ModelPath, options.VocabularyPath, options.Pooling) = (
                LocalEmbeddingModel.File,
                model,
                vocabulary,
                EmbeddingPooling.FirstToken
            );

        using LocalEmbeddingGenerator generator = LocalModels.Make(Configure);
        Assert.True(
            LocalModels.Likeness(
                (await LocalModels.EmbedAsync(generator, "a text"))[0],
                (await LocalModels.EmbedAsync(LocalModels.ArcticXs, "a text"))[0]
            ) > 0.99999
        );

        // Its name changes with all that changes its vectors, and with nothing else.
        string name = NameOf(generator);
        Assert.StartsWith("my-model#", name, StringComparison.Ordinal);
        Assert.Equal(
            name,
            NameOf(options =>
            {
                Configure(options);
                options.Threads = 3;
                options.BatchTokens = 99;
                options.QueryPrefix = "q";
            })
        );
        Assert.NotEqual(
            name,
            NameOf(options =>
            {
                Configure(options);
                options.Pooling = EmbeddingPooling.Mean;
            })
        );
        Assert.NotEqual(
            name,
            NameOf(options =>
            {
                Configure(options);
                options.MaxTokens = 99;
            })
        );
        Assert.NotEqual(
            name,
            NameOf(options =>
            {
                Configure(options);
                options.DocumentPrefix = "d";
            })
        );
        Assert.NotEqual(
            name,
            NameOf(options =>
            {
                Configure(options);
                options.LowerCase = false;
            })
        );
        File.AppendAllText(vocabulary, "more\n");
        Assert.NotEqual(name, NameOf(Configure));
    }

    [Fact]
    public void A_known_model_that_is_used_otherwise_has_another_name()
    {
        Assert.Equal("snowflake-arctic-embed-xs", NameOf(options => options.MaxTokens = 512));
        Assert.StartsWith("snowflake-arctic-embed-xs#", NameOf(options => options.MaxTokens = 128), StringComparison.Ordinal);
        Assert.Equal("all-MiniLM-L6-v2", NameOf(options => options.Model = LocalEmbeddingModel.MiniLM));
    }

    [Fact]
    public void More_tokens_than_a_model_takes_end_the_start()
    {
        (string model, string vocabulary) = WriteArctic();
        InvalidOperationException failure = Assert.Throws<InvalidOperationException>(() =>
            LocalModels.Make(options =>
                (options.Model, options.ModelPath, options.VocabularyPath, options.MaxTokens) = (
                    LocalEmbeddingModel.File,
                    model,
                    vocabulary,
                    513
                )
            )
        );
        Assert.StartsWith(
            $"The embedding model {model} does not take 513 tokens (LocalEmbeddingOptions.MaxTokens), or has another vocabulary: ",
            failure.Message,
            StringComparison.Ordinal
        );
        Assert.DoesNotContain('\n', failure.Message);
    }

    [Fact]
    public async Task A_file_that_is_no_model_ends_the_start_with_one_line()
    {
        string model = Path.Combine(_folder, "broken.onnx");
        File.WriteAllText(model, "no model");
        string vocabulary = Path.Combine(_folder, "vocab.txt");
        File.WriteAllText(vocabulary, "[UNK]\n[CLS]\n[SEP]\n");
        using IHost host = Host(options =>
            (options.Model, options.ModelPath, options.VocabularyPath) = (LocalEmbeddingModel.File, model, vocabulary)
        );
        InvalidOperationException failure = await Assert.ThrowsAsync<InvalidOperationException>(() => host.StartAsync()).WithTimeout();
        Assert.StartsWith($"The embedding model {model} cannot be loaded: ", failure.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', failure.Message);
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private static IHost Host(Action<LocalEmbeddingOptions> configure, Action<IServiceCollection>? more = null)
    {
        HostApplicationBuilder builder = Microsoft.Extensions.Hosting.Host.CreateEmptyApplicationBuilder(null);
        builder.Services.AddLocalEmbeddings(configure);
        more?.Invoke(builder.Services);
        return builder.Build();
    }

    private static string NameOf(Action<LocalEmbeddingOptions> configure)
    {
        var options = new LocalEmbeddingOptions();
        configure(options);
        return ModelSetup.Of(options).Name(options);
    }

    private static string NameOf(LocalEmbeddingGenerator generator) =>
        ((EmbeddingGeneratorMetadata)generator.GetService(typeof(EmbeddingGeneratorMetadata))!).DefaultModelId!;

    private (string Model, string Vocabulary) WriteArctic()
    {
        ModelProfile profile = ModelProfile.Of(LocalEmbeddingModel.ArcticXs)!;
        string model = Path.Combine(_folder, "my-model.onnx");
        string vocabulary = Path.Combine(_folder, "my-vocabulary.txt");
        File.WriteAllBytes(model, profile.ReadModel());
        File.WriteAllBytes(vocabulary, profile.ReadVocabulary());
        return (model, vocabulary);
    }
}
