using System.Diagnostics;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using OrleansMemory.Diagnostics;
using OrleansMemory.Grains.Clocks;
using OrleansMemory.Grains.Storage;
using OrleansMemory.Memories;

namespace OrleansMemory.Grains.Memories.Vectors;

/// <summary>
/// The silo's embedding generator, if it has one, and which model that is. Every call of the generator goes through here and is checked.
/// </summary>
internal sealed class EmbeddingSource
{
    /// <summary>A text that no generator has a reason to refuse: it shows the dimensions, and whether the generator works at all.</summary>
    public const string ControlText = "hello";

    private const string UnnamedPart = "unnamed";

    private readonly IEmbeddingGenerator<string, Embedding<float>>? _generator;
    private readonly EmbeddingGenerationOptions _ofDocuments;
    private readonly EmbeddingGenerationOptions _ofQueries;
    private readonly TimeProvider _timeProvider;
    private readonly string _name;
    private VectorModel? _model;

    /// <summary>Takes the generator that is registered.</summary>
    /// <param name="services">Where it is registered.</param>
    /// <param name="options">What it is asked for.</param>
    /// <param name="timeProvider">The clock of time limits.</param>
    public EmbeddingSource(
        IServiceProvider services,
        IOptions<VectorOptions> options,
        [FromKeyedServices(ConversationClock.ServiceKey)] TimeProvider timeProvider
    )
    {
        _generator = services.GetService<IEmbeddingGenerator<string, Embedding<float>>>();
        _timeProvider = timeProvider;
        var metadata = _generator?.GetService(typeof(EmbeddingGeneratorMetadata)) as EmbeddingGeneratorMetadata;
        _name = options.Value.Model ?? $"{metadata?.ProviderName ?? UnnamedPart}/{metadata?.DefaultModelId ?? UnnamedPart}";
        _ofDocuments = Generation(options.Value.Dimensions, EmbeddingInput.Document);
        _ofQueries = Generation(options.Value.Dimensions, EmbeddingInput.Query);
        if (_generator is not null && (options.Value.Dimensions ?? metadata?.DefaultModelDimensions) is { } dimensions)
        {
            _model = VectorModel.Create(_name, dimensions);
        }
    }

    /// <summary>Whether there is a generator.</summary>
    public bool IsOn => _generator is not null;

    /// <summary>The model; <see langword="null"/> when there is no generator, or when its dimensions are not known yet.</summary>
    public VectorModel? Model => Volatile.Read(ref _model);

    /// <summary>Asks the generator for its dimensions, unless they are known.</summary>
    /// <param name="timeLimit">How long it may take.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>The model.</returns>
    /// <exception cref="EmbeddingFailedException">The generator failed.</exception>
    public async Task<VectorModel> DetectAsync(TimeSpan timeLimit, CancellationToken cancellationToken)
    {
        if (Model is null)
        {
            ReadOnlyMemory<float> vector = (await AskAsync([ControlText], _ofDocuments, timeLimit, cancellationToken))[0];
            if (!UnitVectors.HasDirection(vector.Span))
            {
                throw new EmbeddingFailedException("The embedding generator answered with a vector that has no direction.");
            }

            Volatile.Write(ref _model, VectorModel.Create(_name, vector.Length));
        }

        return Model!;
    }

    /// <summary>Embeds memories.</summary>
    /// <param name="texts">Their texts.</param>
    /// <param name="timeLimit">How long it may take.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>A vector with a direction for each text, in their order.</returns>
    /// <exception cref="EmbeddingFailedException">The generator failed, took too long, or its answer is not usable.</exception>
    /// <exception cref="EmbeddingDimensionsException">The vectors do not have the dimensions of the model.</exception>
    public Task<ReadOnlyMemory<float>[]> EmbedAsync(IReadOnlyList<string> texts, TimeSpan timeLimit, CancellationToken cancellationToken) =>
        EmbedAsync(texts, _ofDocuments, timeLimit, cancellationToken);

    /// <summary>Embeds a question.</summary>
    /// <param name="text">The question.</param>
    /// <param name="timeLimit">How long it may take.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>A vector with a direction.</returns>
    /// <exception cref="EmbeddingFailedException">The generator failed, took too long, or its answer is not usable.</exception>
    /// <exception cref="EmbeddingDimensionsException">The vector does not have the dimensions of the model.</exception>
    public async Task<ReadOnlyMemory<float>> EmbedQueryAsync(string text, TimeSpan timeLimit, CancellationToken cancellationToken) =>
        (await EmbedAsync([text], _ofQueries, timeLimit, cancellationToken))[0];

    private static EmbeddingGenerationOptions Generation(int? dimensions, string input) =>
        new()
        {
            Dimensions = dimensions,
            AdditionalProperties = new AdditionalPropertiesDictionary { [EmbeddingInput.PropertyName] = input },
        };

    private async Task<ReadOnlyMemory<float>[]> EmbedAsync(
        IReadOnlyList<string> texts,
        EmbeddingGenerationOptions generation,
        TimeSpan timeLimit,
        CancellationToken cancellationToken
    )
    {
        VectorModel model =
            Model ?? throw new InvalidOperationException("The dimensions of the model are not known yet. Call DetectAsync first.");
        ReadOnlyMemory<float>[] vectors = await AskAsync(texts, generation, timeLimit, cancellationToken);
        foreach (ReadOnlyMemory<float> vector in vectors)
        {
            if (vector.Length != model.Dimensions)
            {
                throw new EmbeddingDimensionsException(model.Dimensions, vector.Length);
            }

            if (!UnitVectors.HasDirection(vector.Span))
            {
                throw new EmbeddingFailedException("The embedding generator answered with a vector that has no direction.");
            }
        }

        return vectors;
    }

    private async Task<ReadOnlyMemory<float>[]> AskAsync(
        IReadOnlyList<string> texts,
        EmbeddingGenerationOptions generation,
        TimeSpan timeLimit,
        CancellationToken cancellationToken
    )
    {
        // One that does not look at the token is left behind, and one that computes before it returns must not hold the caller's turn.
        using var limit = new CancellationTokenSource(timeLimit, _timeProvider);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        GeneratedEmbeddings<Embedding<float>> answer;
        using Activity? activity = ModelActivity.Start(ModelActivity.Embeddings, Model?.Id, provider: null);
        try
        {
            answer = await Task.Run(() => _generator!.GenerateAsync(texts, generation, both.Token), both.Token).WaitAsync(both.Token);
        }
        catch (Exception failure) when (!cancellationToken.IsCancellationRequested)
        {
            activity.Fail(failure);
            throw limit.IsCancellationRequested
                ? new EmbeddingFailedException("The embedding generator took too long.", new TimeoutException())
                : new EmbeddingFailedException("The embedding generator failed.", failure);
        }

        return answer?.Count == texts.Count
            ? [.. answer.Select(embedding => embedding.Vector)]
            : throw new EmbeddingFailedException(
                FormattableString.Invariant($"The embedding generator answered {texts.Count} texts with {answer?.Count ?? 0} vectors.")
            );
    }
}
