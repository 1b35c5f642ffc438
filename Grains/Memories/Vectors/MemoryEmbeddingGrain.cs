using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using OrleansMemory.Errors;
using OrleansMemory.Grains.Clocks;
using OrleansMemory.Grains.Diagnostics;
using OrleansMemory.Grains.Storage;
using OrleansMemory.Memories;

namespace OrleansMemory.Grains.Memories.Vectors;

/// <summary>
/// Embeds the memories of one scope. What is to be done is in the store alone: a crash, a lost call or a second activation does no harm.
/// </summary>
[GrainType("memory-embedding")]
internal sealed partial class MemoryEmbeddingGrain : Grain, IMemoryEmbeddingGrain
{
    private readonly IFactStore _store;
    private readonly EmbeddingSource _source;
    private readonly TextEmbedder _embedder;
    private readonly VectorOptions _options;
    private readonly TimeProvider _timeProvider;
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
        [FromKeyedServices(ConversationClock.ServiceKey)] TimeProvider timeProvider,
        MemoryInstruments instruments,
        ILogger<MemoryEmbeddingGrain> logger
    )
    {
        _store = store;
        _source = source;
        _embedder = embedder;
        _options = options.Value;
        _timeProvider = timeProvider;
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
    public Task NotifyAsync()
    {
        _poked = true;
        if (_work is null && _source.IsOn)
        {
            // Callers do not wait for it; a turn of its own does the work.
            _work = this.RegisterGrainTimer(
                WorkAsync,
                new GrainTimerCreationOptions(TimeSpan.Zero, Timeout.InfiniteTimeSpan) { KeepAlive = true }
            );
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
            while (
                await _store.ReadToEmbedAsync(_scope, model.Id, _options.BatchSize * _options.ConcurrentBatches, cancellationToken)
                    is { Count: > 0 } waiting
            )
            {
                BatchResult[] batches = await Task.WhenAll(
                    waiting.Chunk(_options.BatchSize).Select(batch => EmbedBatchAsync(model, batch, cancellationToken))
                );
                report = report with
                {
                    Embedded = report.Embedded + batches.Sum(batch => batch.Embedded),
                    Refused = report.Refused + batches.Sum(batch => batch.Refused),
                };
                if (batches.Sum(batch => batch.Saved) == 0)
                {
                    // All of them were changed or deleted meanwhile: somebody else is at work, and the next round or sweep sees the rest.
                    return report;
                }
            }

            return report with
            {
                IsComplete = true,
            };
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
                // Whoever notifies from here on has something that this round may not see.
                _poked = false;
                report = await EmbedAsync(cancellationToken);
            } while (_poked && report.IsComplete);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // The activation ends; the next sweep finds what is left.
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

    private async Task<BatchResult> EmbedBatchAsync(VectorModel model, StoredFact[] batch, CancellationToken cancellationToken)
    {
        // What is expired is not shown to anybody, a generator included. An empty vector says that a memory gets none.
        DateTimeOffset now = _timeProvider.Now();
        ILookup<bool, StoredFact> byExpired = batch.ToLookup(stored => stored.Fact.ExpiresAt <= now);
        StoredFact[] live = [.. byExpired[false]];
        ReadOnlyMemory<float>[] vectors =
            live.Length == 0
                ? []
                : await _embedder.EmbedAsync(
                    [.. live.Select(stored => EmbeddedText.Of(stored.Fact, _options.MaxTextCharacters))],
                    cancellationToken
                );

        // A memory that was changed or deleted meanwhile is left out by the store; it is found again as it is now, or not at all.
        FactVector[] results =
        [
            .. live.Zip(vectors, static (stored, vector) => new FactVector(stored.Fact.Id, stored.Fact.Version, vector)),
            .. byExpired[true].Select(static stored => new FactVector(stored.Fact.Id, stored.Fact.Version, default)),
        ];
        int saved = await _store.SaveVectorsAsync(_scope.Tenant, model.Id, results, cancellationToken);
        int refused = vectors.Count(static vector => vector.IsEmpty);
        Tell(vectors.Length - refused, refused);
        return new BatchResult(vectors.Length - refused, refused, saved);
    }

    private void Tell(int embedded, int refused)
    {
        _instruments.OnEmbedded(embedded, refused);
        LogEmbedded(embedded);
        if (refused > 0)
        {
            LogRefused(refused);
        }
    }

    private readonly record struct BatchResult(int Embedded, int Refused, int Saved);
}
