using System.Diagnostics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Orleans.Concurrency;
using OrleansMemory.Diagnostics;
using OrleansMemory.Errors;
using OrleansMemory.Grains.Clocks;
using OrleansMemory.Grains.Diagnostics;
using OrleansMemory.Grains.Memories.Extraction;
using OrleansMemory.Grains.Memories.Recall;
using OrleansMemory.Grains.Memories.Vectors;
using OrleansMemory.Grains.Storage;
using OrleansMemory.Memories;

namespace OrleansMemory.Grains.Memories;

/// <summary>
/// The memories of one scope. Recording writes to the store and to nothing else; what the scope shows is read back from there before each
/// recall, whoever wrote it.
/// </summary>
/// <remarks>
/// Calls interleave: a recording touches nothing of the activation, and a recall works on it without a pause between reading up and
/// finding.
/// </remarks>
[GrainType("memory")]
[Reentrant]
internal sealed partial class MemoryGrain : Grain, IMemoryGrain
{
    private const int ClearStep = 2_000;

    private readonly IFactStore _store;
    private readonly MemoryOptions _options;
    private readonly RecallWeights _weights;
    private readonly ExtractionModel _extraction;
    private readonly MeaningSearch _meaning;
    private readonly VectorOptions _vectors;
    private readonly IRecordingHook[] _hooks;
    private readonly TimeProvider _timeProvider;
    private readonly ClockCheck _clocks;
    private readonly MemoryInstruments _instruments;
    private readonly MemoryQuota _quota;
    private readonly ILogger _logger;
    private readonly CatchUp _catchUp;
    private MemoryScope _scope = null!;

    public MemoryGrain(
        IFactStore store,
        IOptions<MemoryOptions> options,
        IOptions<RecallWeights> weights,
        ExtractionModel extraction,
        MeaningSearch meaning,
        IOptions<VectorOptions> vectors,
        IEnumerable<IRecordingHook> hooks,
        [FromKeyedServices(ConversationClock.ServiceKey)] TimeProvider timeProvider,
        ClockCheck clocks,
        MemoryInstruments instruments,
        MemoryQuota quota,
        ILogger<MemoryGrain> logger
    )
    {
        _store = store;
        _options = options.Value;
        _weights = weights.Value;
        _extraction = extraction;
        _meaning = meaning;
        _vectors = vectors.Value;
        _hooks = [.. hooks];
        _timeProvider = timeProvider;
        _clocks = clocks;
        _instruments = instruments;
        _quota = quota;
        _logger = logger;
        _catchUp = new CatchUp(ReadUpAsync);
    }

    /// <inheritdoc />
    public override Task OnActivateAsync(CancellationToken cancellationToken)
    {
        _scope = MemoryScope.Parse(this.GetPrimaryKeyString());
        return Task.CompletedTask;
    }

    /// <inheritdoc />
    public override Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken)
    {
        Hold(null);
        return Task.CompletedTask;
    }

    /// <inheritdoc />
    public async Task<RecordReceipt> RecordAsync(RecordRequest request, CancellationToken cancellationToken = default)
    {
        FactRecording recording = new RecordDecision(_scope, _options).Decide(request, _timeProvider.Now());
        if (recording.Facts.Any(fact => fact.ExpiresAt is not null))
        {
            _clocks.RequireRight();
        }

        recording = recording with { Extract = recording.Extract && _extraction.IsPresent };
        using Activity? activity = MemoryActivities
            .Source.StartActivity(MemoryActivities.Record)
            ?.SetTag(MemoryActivities.Memories, recording.Facts.Length);
        RecordResult result = await _quota.RecordAsync(recording, cancellationToken);
        switch (result.Status)
        {
            case RecordStatus.Recorded:
                _instruments.OnRecorded(recording.Facts.Length);
                await TellAsync(recording);
                break;
            case RecordStatus.Conflict:
                throw new RecordConflictException(recording.Key!);
            case RecordStatus.Gone:
                throw new GoneException(recording.Key!);
        }

        return new RecordReceipt
        {
            MemoryIds = result.Ids,
            RecordedAt = result.At,
            Replayed = result.Status == RecordStatus.Replayed,
        };
    }

    /// <inheritdoc />
    public async Task<long> ClearAsync(CancellationToken cancellationToken = default)
    {
        long cleared = 0;
        FactDeletion step;
        do
        {
            cancellationToken.ThrowIfCancellationRequested();
            step = await _store.ClearAsync(_scope, _timeProvider.Now(), ClearStep, cancellationToken);
            cleared += step.Live;
        } while (step.More);

        return cleared;
    }

    private async Task TellAsync(FactRecording recording)
    {
        foreach (IRecordingHook hook in _hooks)
        {
            try
            {
                await hook.RecordedAsync(recording);
            }
            catch (Exception exception)
            {
                // What is recorded stays recorded, and the work is found without the word.
                LogHookFailed(exception.GetType().Name);
            }
        }
    }
}
