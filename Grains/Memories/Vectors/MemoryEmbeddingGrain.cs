using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using OrleansMemory.Errors;
using OrleansMemory.Grains.Diagnostics;
using OrleansMemory.Grains.Storage;
using OrleansMemory.Memories;

namespace OrleansMemory.Grains.Memories.Vectors;

/// <summary>Embeds the memories of one scope. What is to be done is in the store alone: a crash, a lost call or a second activation does no harm.</summary>
[GrainType("memory-embedding")]
internal sealed partial class MemoryEmbeddingGrain : Grain, IMemoryEmbeddingGrain
{
    private readonly IFactStore _store;
    private readonly EmbeddingSource _source;
    private readonly TextEmbedder _embedder;
    private readonly VectorOptions _options;
    private readonly MemoryInstruments _instruments;
    private readonly ILogger _logger;
    private MemoryScope _scope = null!;
    private IGrainTimer? _work;
    private bool _poked;

    public MemoryEmbeddingGrain(
        IFactStore store,
        EmbeddingSource source,
        TextEmbedder embedder,
        IOptions<VectorOptions> options,
        MemoryInstruments instruments,
        ILogger<MemoryEmbeddingGrain> logger)
    {
        _store = store;
        _source = source;
        _embedder = embedder;
        _options = options.Value;
        _instruments = instruments;
        _logger = logger;
    }

    /// <inheritdoc />
    public override Task OnActivateAsync(CancellationToken cancellationToken)
    {
        _scope = MemoryScope.Parse(this.GetPrimaryKeyString());
        return Task.CompletedTask;
    }

    /// <inheritdoc />
    public Task PokeAsync()
    {
        _poked = true;
        if (_work is null && _source.IsOn)
        {
            // Callers do not wait for it; a turn of its own does the work.
            _work = this.RegisterGrainTimer(WorkAsync, new GrainTimerCreationOptions(TimeSpan.Zero, Timeout.InfiniteTimeSpan) { KeepAlive = true });
        }

        return Task.CompletedTask;
    }

    /// <inheritdoc />
    public async Task<EmbeddingReport> EmbedAsync(CancellationToken cancellationToken = default)
    {
        var report = new EmbeddingReport();
        if (!_source.IsOn)
        {
            return report;
        }

        try
        {
            VectorModel model = await _source.DetectAsync(_options.BatchTimeout, cancellationToken);
            while (await _store.ReadToEmbedAsync(_scope, model.Id, _options.BatchSize * _options.ConcurrentBatches, cancellationToken) is { Count: > 0 } waiting)
            {
                EmbeddingReport[] batches = await Task.WhenAll(waiting.Chunk(_options.BatchSize).Select(batch => EmbedBatchAsync(model, batch, cancellationToken)));
                report = report with { Embedded = report.Embedded + batches.Sum(batch => batch.Embedded), Refused = report.Refused + batches.Sum(batch => batch.Refused) };
            }

            return report with { IsComplete = true };
        }
        catch (EmbeddingFailedException failure)
        {
            _instruments.OnEmbeddingFailed();
            LogFailed(failure.ErrorType);
        }
        catch (EmbeddingDimensionsException failure)
        {
            _instruments.OnEmbeddingFailed();
            LogDimensionsRefused(failure.Actual, failure.Expected);
        }

        return report;
    }

    private async Task WorkAsync(CancellationToken cancellationToken)
    {
        try
        {
            EmbeddingReport report;
            do
            {
                // Whoever pokes from here on has something that this round may not see.
                _poked = false;
                report = await EmbedAsync(cancellationToken);
            }
            while (_poked && report.IsComplete);
        }
        catch (MemoryException failure)
        {
            // The next sweep finds what is left.
            LogFailed(failure.GetType().Name);
        }
        finally
        {
            _work?.Dispose();
            _work = null;
        }
    }

    private async Task<EmbeddingReport> EmbedBatchAsync(VectorModel model, StoredFact[] batch, CancellationToken cancellationToken)
    {
        string[] texts = [.. batch.Select(stored => EmbeddedText.Of(stored.Fact, _options.MaxTextCharacters))];
        ReadOnlyMemory<float>[] vectors = await _embedder.EmbedAsync(texts, cancellationToken);
        int refused = vectors.Count(vector => vector.IsEmpty);

        // A memory that was changed or deleted meanwhile is left out by the store; it is found again as it is now, or not at all.
        await _store.SaveVectorsAsync(
            _scope.Tenant, model.Id, [.. batch.Zip(vectors, (stored, vector) => new FactVector(stored.Fact.Id, stored.Fact.Version, vector))], cancellationToken);
        _instruments.OnEmbedded(vectors.Length - refused, refused);
        LogEmbedded(vectors.Length - refused);
        if (refused > 0)
        {
            LogRefused(refused);
        }

        return new EmbeddingReport { Embedded = vectors.Length - refused, Refused = refused };
    }

    [LoggerMessage(EventIds.MemoriesEmbedded, LogLevel.Debug, "Embedded {Memories} memories")]
    private partial void LogEmbedded(int memories);

    [LoggerMessage(EventIds.EmbeddingFailed, LogLevel.Warning, "Memories could not be embedded ({ErrorType}); they are found by their terms and tried again later")]
    private partial void LogFailed(string errorType);

    [LoggerMessage(EventIds.EmbeddingRefused, LogLevel.Warning, "The embedding generator does not take the text of {Memories} memories; they are found by their terms only")]
    private partial void LogRefused(int memories);

    [LoggerMessage(
        EventIds.EmbeddingDimensionsRefused,
        LogLevel.Error,
        "The embedding generator gave vectors of {Actual} dimensions where its model has {Expected}; they are not used. Restart the silo after a change of the model, or set VectorOptions.Dimensions")]
    private partial void LogDimensionsRefused(int actual, int expected);
}
