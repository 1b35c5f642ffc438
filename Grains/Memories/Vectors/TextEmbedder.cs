using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using OrleansMemory.Grains.Clocks;
using Polly;
using Polly.Retry;

namespace OrleansMemory.Grains.Memories.Vectors;

/// <summary>
/// Embeds batches of texts: repeats what fails in passing, and finds the text that the generator does not take, so that it does not stand
/// in the way of the others. Only so many calls of the generator are under way at the same time.
/// </summary>
internal sealed class TextEmbedder : IDisposable
{
    private static readonly TimeSpan LongestPause = TimeSpan.FromMinutes(1);

    private readonly EmbeddingSource _source;
    private readonly VectorOptions _options;
    private readonly SemaphoreSlim _room;
    private readonly ResiliencePipeline _retries;

    /// <summary>Makes an embedder.</summary>
    /// <param name="source">The generator.</param>
    /// <param name="options">The bounds.</param>
    /// <param name="timeProvider">The clock of pauses.</param>
    public TextEmbedder(
        EmbeddingSource source,
        IOptions<VectorOptions> options,
        [FromKeyedServices(ConversationClock.ServiceKey)] TimeProvider timeProvider
    )
    {
        _source = source;
        _options = options.Value;
        _room = new SemaphoreSlim(_options.ConcurrentBatches);
        _retries =
            _options.MaxRetries == 0
                ? ResiliencePipeline.Empty
                : new ResiliencePipelineBuilder { TimeProvider = timeProvider }
                    .AddRetry(
                        new RetryStrategyOptions
                        {
                            MaxRetryAttempts = _options.MaxRetries,
                            ShouldHandle = new PredicateBuilder().Handle<EmbeddingFailedException>(),
                            BackoffType = DelayBackoffType.Exponential,
                            Delay = _options.RetryDelay,
                            MaxDelay = LongestPause,
                        }
                    )
                    .Build();
    }

    /// <summary>Embeds texts.</summary>
    /// <param name="texts">At most <see cref="VectorOptions.BatchSize"/>.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>
    /// A vector for each text, in their order; an empty one for a text that the generator does not take though it takes others.
    /// </returns>
    /// <exception cref="EmbeddingFailedException">The generator does not work.</exception>
    /// <exception cref="EmbeddingDimensionsException">It has changed under way.</exception>
    public async Task<ReadOnlyMemory<float>[]> EmbedAsync(IReadOnlyList<string> texts, CancellationToken cancellationToken)
    {
        await _room.WaitAsync(cancellationToken);
        try
        {
            try
            {
                return await RepeatAsync(texts, cancellationToken);
            }
            catch (EmbeddingFailedException failure) when (!failure.IsOverload)
            {
                return await FindRefusedAsync(texts, cancellationToken);
            }
        }
        finally
        {
            _room.Release();
        }
    }

    public void Dispose() => _room.Dispose();

    private async Task<ReadOnlyMemory<float>[]> RepeatAsync(IReadOnlyList<string> texts, CancellationToken cancellationToken) =>
        await _retries.ExecuteAsync(async token => await OnceAsync(texts, token), cancellationToken);

    private Task<ReadOnlyMemory<float>[]> OnceAsync(IReadOnlyList<string> texts, CancellationToken cancellationToken) =>
        _source.EmbedAsync(texts, _options.BatchTimeout, cancellationToken);

    /// <summary>Splits a batch that failed until the text that causes it is alone.</summary>
    private async Task<ReadOnlyMemory<float>[]> FindRefusedAsync(IReadOnlyList<string> texts, CancellationToken cancellationToken)
    {
        // No text is the cause of a generator that does not work.
        await OnceAsync([EmbeddingSource.ControlText], cancellationToken);
        if (texts.Count == 1)
        {
            return await JudgeAsync(texts, cancellationToken);
        }

        int half = texts.Count / 2;
        ReadOnlyMemory<float>[] first = await PartAsync([.. texts.Take(half)], cancellationToken);
        return [.. first, .. await PartAsync([.. texts.Skip(half)], cancellationToken)];
    }

    /// <summary>Asks once more for a text that failed while the generator may have been down: it works now.</summary>
    private async Task<ReadOnlyMemory<float>[]> JudgeAsync(IReadOnlyList<string> text, CancellationToken cancellationToken)
    {
        try
        {
            return await OnceAsync(text, cancellationToken);
        }
        catch (EmbeddingFailedException failure) when (!failure.IsOverload)
        {
            return [ReadOnlyMemory<float>.Empty];
        }
    }

    private async Task<ReadOnlyMemory<float>[]> PartAsync(IReadOnlyList<string> texts, CancellationToken cancellationToken)
    {
        try
        {
            // A text alone is given every chance: a refusal is remembered.
            return await (texts.Count == 1 ? RepeatAsync(texts, cancellationToken) : OnceAsync(texts, cancellationToken));
        }
        catch (EmbeddingFailedException failure) when (!failure.IsOverload)
        {
            return await FindRefusedAsync(texts, cancellationToken);
        }
    }
}
