using Microsoft.Extensions.AI;
using Microsoft.Extensions.Options;
using OrleansMemory.LocalEmbeddings.Models;
using OrleansMemory.LocalEmbeddings.Text;
using OrleansMemory.Memories;

namespace OrleansMemory.LocalEmbeddings;

/// <summary>
/// Embeds texts with a model in this process: nothing leaves it. Vectors have length 1. The same texts with the same options give the same
/// vectors, but for the last digits, which depend on the processor and on the texts that are computed beside them.
/// </summary>
/// <remarks>
/// It may be used by several threads at the same time. Memories of different callers take turns, batch by batch; questions
/// (<see cref="EmbeddingInput"/>) are computed at once. Texts are not kept, and are in no log and no exception. A vector tells much of its
/// text: who may not see a text must not have its vector either.
/// </remarks>
public sealed class LocalEmbeddingGenerator : IEmbeddingGenerator<string, Embedding<float>>
{
    private const string Provider = "onnxruntime";

    private readonly ModelSetup _setup;
    private readonly int _batchTokens;
    private readonly BertEncoder _encoder;
    private readonly OnnxModel _model;
    private readonly EmbeddingGeneratorMetadata _metadata;

    // One batch of memories at a time: it has the threads.
    private readonly SemaphoreSlim _turn = new(1);

    /// <summary>Loads the model, which takes 0.3 to 1.5 s.</summary>
    /// <param name="options">Which model, and what it may take.</param>
    /// <exception cref="ArgumentNullException"><paramref name="options"/> is null.</exception>
    /// <exception cref="OptionsValidationException">An option is not valid.</exception>
    /// <exception cref="InvalidOperationException">The model or its vocabulary is not one that can be used.</exception>
    public LocalEmbeddingGenerator(IOptions<LocalEmbeddingOptions> options)
    {
        ArgumentNullException.ThrowIfNull(options);
        LocalEmbeddingOptions asked = options.Value;
        LocalEmbeddingRules.Demand(asked);
        _setup = ModelSetup.Of(asked);
        _batchTokens = asked.BatchTokens;
        _encoder = new BertEncoder(
            ModelProfile.Of(asked.Model)?.ReadVocabulary() ?? File.ReadAllBytes(asked.VocabularyPath!),
            _setup.LowerCase,
            _setup.MaxTokens
        );
        string name = _setup.Name(asked);
        _model = OnnxModel.Load(asked, _setup);
        _metadata = new EmbeddingGeneratorMetadata(Provider, defaultModelId: name, defaultModelDimensions: _model.Dimensions);
        Try(asked);
    }

    /// <summary>Embeds texts.</summary>
    /// <param name="values">
    /// The texts. An empty one has a vector too. What comes after <see cref="LocalEmbeddingOptions.MaxTokens"/> does not count.
    /// </param>
    /// <param name="options">
    /// <see cref="EmbeddingInput"/> among its properties says that the texts are questions. Where it asks for dimensions or a model, they
    /// must be those of this one. <see langword="null"/>: the texts are no questions.
    /// </param>
    /// <param name="cancellationToken">Ends the call before its next batch.</param>
    /// <returns>A vector for each text, in their order, and how many tokens were looked at.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="values"/> is null.</exception>
    /// <exception cref="ArgumentException">A text is null, or other dimensions or another model are asked for.</exception>
    /// <exception cref="ObjectDisposedException">It is disposed.</exception>
    public async Task<GeneratedEmbeddings<Embedding<float>>> GenerateAsync(
        IEnumerable<string> values,
        EmbeddingGenerationOptions? options = null,
        CancellationToken cancellationToken = default
    )
    {
        ArgumentNullException.ThrowIfNull(values);
        Demand(options);
        string[] texts = [.. values];
        if (texts.Contains(null))
        {
            throw new ArgumentException("A text is null.", nameof(values));
        }

        bool isQuery =
            options?.AdditionalProperties?.TryGetValue(EmbeddingInput.PropertyName, out string? input) == true
            && input == EmbeddingInput.Query;

        // Whoever calls is not held up by what is computed.
        return await Task.Run(() => EmbedAsync(texts, isQuery, cancellationToken), cancellationToken).ConfigureAwait(false);
    }

    /// <summary>This generator, or what is known of it.</summary>
    /// <param name="serviceType">A type that this generator has, or <see cref="EmbeddingGeneratorMetadata"/>.</param>
    /// <param name="serviceKey">Nothing is kept under a key.</param>
    /// <returns>The object; <see langword="null"/> when there is none of that type and key.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="serviceType"/> is null.</exception>
    public object? GetService(Type serviceType, object? serviceKey = null)
    {
        ArgumentNullException.ThrowIfNull(serviceType);
        if (serviceKey is not null)
        {
            return null;
        }

        return serviceType == typeof(EmbeddingGeneratorMetadata) ? _metadata
            : serviceType.IsInstanceOfType(this) ? this
            : null;
    }

    /// <summary>Releases the model, after the batches that are being computed.</summary>
    public void Dispose() => _model.Dispose();

    private async Task<GeneratedEmbeddings<Embedding<float>>> EmbedAsync(string[] texts, bool isQuery, CancellationToken cancellationToken)
    {
        string prefix = isQuery ? _setup.QueryPrefix : _setup.DocumentPrefix;
        int[][] tokens = new int[texts.Length][];
        for (int i = 0; i < texts.Length; i++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            tokens[i] = _encoder.Encode(prefix + texts[i]);
        }

        var embeddings = new Embedding<float>[texts.Length];
        foreach (IReadOnlyList<int> batch in TokenBatch.Plan(tokens, _batchTokens))
        {
            cancellationToken.ThrowIfCancellationRequested();
            var together = new TokenBatch([.. batch.Select(place => tokens[place])]);
            float[][] vectors = isQuery ? _model.Run(together) : await InTurnAsync(together, cancellationToken).ConfigureAwait(false);
            for (int i = 0; i < vectors.Length; i++)
            {
                embeddings[batch[i]] = new Embedding<float>(vectors[i]) { ModelId = _metadata.DefaultModelId };
            }
        }

        long count = tokens.Sum(text => (long)text.Length);
        return new GeneratedEmbeddings<Embedding<float>>(embeddings)
        {
            Usage = new UsageDetails { InputTokenCount = count, TotalTokenCount = count },
        };
    }

    private async Task<float[][]> InTurnAsync(TokenBatch batch, CancellationToken cancellationToken)
    {
        await _turn.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            return _model.Run(batch);
        }
        finally
        {
            _turn.Release();
        }
    }

    private void Demand(EmbeddingGenerationOptions? options)
    {
        if (options?.Dimensions is { } dimensions && dimensions != _model.Dimensions)
        {
            throw new ArgumentException(
                FormattableString.Invariant($"The model has {_model.Dimensions} dimensions, and no others."),
                nameof(options)
            );
        }

        if (options?.ModelId is { } model && model != _metadata.DefaultModelId)
        {
            throw new ArgumentException($"The model is {_metadata.DefaultModelId}, and no other.", nameof(options));
        }
    }

    /// <summary>
    /// Computes something, so that the first one who asks does not wait; with a model that is not known as much as it must be able to.
    /// </summary>
    private void Try(LocalEmbeddingOptions asked)
    {
        int length = asked.Model == LocalEmbeddingModel.File ? _setup.MaxTokens : 2;
        int[] longest = _encoder.Encode(string.Concat(Enumerable.Repeat("a ", length)));
        try
        {
            _model.Run(new TokenBatch([longest]));
        }
        catch (Exception failure)
        {
            _model.Dispose();
            throw new InvalidOperationException(
                FormattableString.Invariant(
                    $"The embedding model {asked.ModelPath} does not take {longest.Length} tokens (LocalEmbeddingOptions.MaxTokens), or has another vocabulary: {OnnxModel.OneLine(failure)}"
                ),
                failure
            );
        }
    }
}
