using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using OrleansMemory.Grains.Clocks;
using OrleansMemory.Grains.Diagnostics;

namespace OrleansMemory.Grains.Memories.Vectors;

/// <summary>
/// Embeds questions, for a limited time. A generator that fails or is slow costs recalls their vectors, never an error, and is left alone
/// for a while.
/// </summary>
internal sealed partial class QueryEmbedder
{
    private readonly EmbeddingSource _source;
    private readonly VectorOptions _options;
    private readonly TimeProvider _timeProvider;
    private readonly MemoryInstruments _instruments;
    private readonly ILogger _logger;
    private readonly QueryVectorCache _cache;
    private readonly Lock _failing = new();
    private long _failedAt;
    private int _failed;

    /// <summary>Makes an embedder.</summary>
    /// <param name="source">The generator.</param>
    /// <param name="options">The bounds.</param>
    /// <param name="timeProvider">The clock.</param>
    /// <param name="instruments">What is measured.</param>
    /// <param name="logger">Is told of failures.</param>
    public QueryEmbedder(
        EmbeddingSource source,
        IOptions<VectorOptions> options,
        [FromKeyedServices(ConversationClock.ServiceKey)] TimeProvider timeProvider,
        MemoryInstruments instruments,
        ILogger<QueryEmbedder> logger
    )
    {
        _source = source;
        _options = options.Value;
        _timeProvider = timeProvider;
        _instruments = instruments;
        _logger = logger;
        _cache = new QueryVectorCache(_options.QueryCacheSize, _options.QueryCacheTime, timeProvider);
    }

    /// <summary>Embeds a question.</summary>
    /// <param name="query">The question.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>Its vector, of the source's model; an empty one when there is none to be had now.</returns>
    public async Task<ReadOnlyMemory<float>> EmbedAsync(string query, CancellationToken cancellationToken)
    {
        if (_source.Model is null)
        {
            return default;
        }

        string text = EmbeddedText.Cut(query, _options.MaxTextCharacters);
        ReadOnlyMemory<float> kept = _cache.Find(text);
        return kept.IsEmpty ? await AskAsync(text, cancellationToken) : kept;
    }

    private bool Pauses =>
        Volatile.Read(ref _failed) == 1 && _timeProvider.GetElapsedTime(Interlocked.Read(ref _failedAt)) < _options.QueryPause;

    private async Task<ReadOnlyMemory<float>> AskAsync(string text, CancellationToken cancellationToken)
    {
        if (Pauses)
        {
            _instruments.OnTermsOnly();
            return default;
        }

        try
        {
            ReadOnlyMemory<float> vector = await _source.EmbedQueryAsync(text, _options.QueryTimeout, cancellationToken);
            Volatile.Write(ref _failed, 0);
            _cache.Keep(text, vector);
            return vector;
        }
        catch (EmbeddingFailedException failure)
        {
            return Fail(failure.ErrorType);
        }
        catch (EmbeddingDimensionsException failure)
        {
            return Fail(failure.GetType().Name);
        }
    }

    private ReadOnlyMemory<float> Fail(string errorType)
    {
        bool isKnown;
        lock (_failing)
        {
            isKnown = Pauses;
            Interlocked.Exchange(ref _failedAt, _timeProvider.GetTimestamp());
            Volatile.Write(ref _failed, 1);
        }

        _instruments.OnTermsOnly();
        if (!isKnown)
        {
            // Others that were waiting fail for the same reason.
            LogNotEmbedded(errorType, _options.QueryPause);
        }

        return default;
    }

    [LoggerMessage(
        EventIds.QueryNotEmbedded,
        LogLevel.Warning,
        "A question could not be embedded ({ErrorType}); for {Pause} recalls go by terms alone"
    )]
    private partial void LogNotEmbedded(string errorType, TimeSpan pause);
}
