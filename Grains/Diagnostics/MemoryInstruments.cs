using System.Diagnostics.Metrics;

namespace OrleansMemory.Grains.Diagnostics;

/// <summary>What is measured. Callers say what happened; names, units and buckets stay in this file. No id is ever a tag.</summary>
internal sealed class MemoryInstruments : IDisposable
{
    private readonly Meter _meter;
    private readonly Counter<long> _committed;
    private readonly Counter<long> _lost;
    private readonly Counter<long> _replayed;
    private readonly Counter<long> _refused;
    private readonly Histogram<double> _commitDuration;
    private readonly Histogram<int> _batchTurns;
    private readonly UpDownCounter<long> _queueTurns;
    private readonly UpDownCounter<long> _feedReaders;
    private readonly Counter<long> _expiredConversations;
    private readonly Counter<long> _expiredMessages;
    private readonly Counter<long> _expiredEntries;
    private readonly Counter<long> _erasedConversations;
    private readonly Gauge<double> _clockDifference;
    private readonly Counter<long> _embeddedMemories;
    private readonly Counter<long> _refusedMemories;
    private readonly Counter<long> _embeddingFailures;
    private readonly Counter<long> _queriesByTermsOnly;
    private readonly Counter<long> _distilledTurns;
    private readonly Counter<long> _givenUpTurns;
    private readonly Counter<long> _factChanges;
    private readonly Counter<long> _extractionFailures;
    private readonly Counter<long> _recordedMemories;
    private readonly Histogram<double> _recallDuration;
    private readonly UpDownCounter<long> _heldMemories;
    private long _queuedNow;
    private long _readersNow;
    private long _heldNow;

    public MemoryInstruments()
    {
        _meter = new Meter(TelemetryNames.Meter);
        _committed = _meter.CreateCounter<long>(TelemetryNames.TurnsCommitted, "{turn}", "Turns made durable.");
        _lost = _meter.CreateCounter<long>(TelemetryNames.TurnsLost, "{turn}", "Turns that did not find the expected version.");
        _replayed = _meter.CreateCounter<long>(
            TelemetryNames.TurnsReplayed,
            "{turn}",
            "Turns answered with the receipt of an earlier call."
        );
        _refused = _meter.CreateCounter<long>(TelemetryNames.TurnsRefused, "{turn}", "Turns refused because too many were waiting.");
        _commitDuration = _meter.CreateHistogram(
            TelemetryNames.CommitDuration,
            "s",
            "Time to make one batch durable.",
            advice: new InstrumentAdvice<double>
            {
                HistogramBucketBoundaries = [0.0005, 0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.5, 1, 5],
            }
        );
        _batchTurns = _meter.CreateHistogram(
            TelemetryNames.BatchTurns,
            "{turn}",
            "Turns in one batch.",
            advice: new InstrumentAdvice<int> { HistogramBucketBoundaries = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000] }
        );
        _queueTurns = _meter.CreateUpDownCounter<long>(TelemetryNames.QueueTurns, "{turn}", "Turns that wait or are being written.");
        _feedReaders = _meter.CreateUpDownCounter<long>(TelemetryNames.FeedReaders, "{reader}", "Readers of live feeds.");
        _expiredConversations = _meter.CreateCounter<long>(
            TelemetryNames.ExpiredConversations,
            "{conversation}",
            "Expired conversations removed by the wheel."
        );
        _expiredMessages = _meter.CreateCounter<long>(
            TelemetryNames.ExpiredMessages,
            "{message}",
            "Messages removed with expired conversations."
        );
        _expiredEntries = _meter.CreateCounter<long>(TelemetryNames.ExpiredEntries, "{entry}", "Entries removed by the wheel.");
        _erasedConversations = _meter.CreateCounter<long>(
            TelemetryNames.ErasedConversations,
            "{conversation}",
            "Conversations removed by erasing their user."
        );
        _clockDifference = _meter.CreateGauge<double>(
            TelemetryNames.ClockDifference,
            "s",
            "How far the silo's clock is ahead of the database's; negative where it is behind."
        );
        _embeddedMemories = _meter.CreateCounter<long>(TelemetryNames.EmbeddedMemories, "{memory}", "Memories that were given a vector.");
        _refusedMemories = _meter.CreateCounter<long>(
            TelemetryNames.RefusedMemories,
            "{memory}",
            "Memories whose text the embedding generator does not take."
        );
        _embeddingFailures = _meter.CreateCounter<long>(
            TelemetryNames.EmbeddingFailures,
            "{failure}",
            "Times that embedding memories was given up until later."
        );
        _queriesByTermsOnly = _meter.CreateCounter<long>(
            TelemetryNames.QueriesByTermsOnly,
            "{recall}",
            "Recalls that went by terms alone because the embedding generator, or the database that searches the vectors, failed or was too slow."
        );
        _distilledTurns = _meter.CreateCounter<long>(
            TelemetryNames.DistilledTurns,
            "{turn}",
            "Recorded turns that facts were distilled from, those without any included."
        );
        _givenUpTurns = _meter.CreateCounter<long>(TelemetryNames.GivenUpTurns, "{turn}", "Recorded turns that were left without facts.");
        _factChanges = _meter.CreateCounter<long>(
            TelemetryNames.FactChanges,
            "{change}",
            "Facts that the extractor added, updated or retired."
        );
        _extractionFailures = _meter.CreateCounter<long>(
            TelemetryNames.ExtractionFailures,
            "{failure}",
            "Calls of the model that failed or whose reply could not be read."
        );
        _recordedMemories = _meter.CreateCounter<long>(TelemetryNames.RecordedMemories, "{memory}", "Long-term memories recorded.");
        _recallDuration = _meter.CreateHistogram(
            TelemetryNames.RecallDuration,
            "s",
            "Time to answer a recall within the grain.",
            advice: new InstrumentAdvice<double>
            {
                HistogramBucketBoundaries = [0.0005, 0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.5, 1, 5],
            }
        );
        _heldMemories = _meter.CreateUpDownCounter<long>(
            TelemetryNames.HeldMemories,
            "{memory}",
            "Memories held in memory for recall, once for each scope that holds them."
        );
    }

    /// <summary>
    /// Says of everything that is counted that nothing has happened yet. A counter that is not there until it counts cannot be watched: its
    /// first increase would be seen as its first value.
    /// </summary>
    public void Announce()
    {
        foreach (
            Counter<long> counter in (Counter<long>[])
                [
                    _committed,
                    _lost,
                    _replayed,
                    _refused,
                    _expiredConversations,
                    _expiredMessages,
                    _expiredEntries,
                    _erasedConversations,
                    _embeddedMemories,
                    _refusedMemories,
                    _embeddingFailures,
                    _queriesByTermsOnly,
                    _distilledTurns,
                    _givenUpTurns,
                    _factChanges,
                    _extractionFailures,
                    _recordedMemories,
                ]
        )
        {
            counter.Add(0);
        }

        foreach (UpDownCounter<long> counter in (UpDownCounter<long>[])[_queueTurns, _feedReaders, _heldMemories])
        {
            counter.Add(0);
        }
    }

    /// <summary>Turns that wait or are being written now.</summary>
    public long QueuedTurns => Interlocked.Read(ref _queuedNow);

    /// <summary>Readers of live feeds now.</summary>
    public long FeedReaders => Interlocked.Read(ref _readersNow);

    /// <summary>Memories held for recall now.</summary>
    public long HeldMemories => Interlocked.Read(ref _heldNow);

    /// <summary>The meter; several hosts of one process each have their own.</summary>
    public Meter Meter => _meter;

    public void OnCommitted(int turns) => _committed.Add(turns);

    public void OnLost() => _lost.Add(1);

    public void OnReplayed() => _replayed.Add(1);

    public void OnRefused() => _refused.Add(1);

    public void OnBatch(int turns, TimeSpan duration)
    {
        _batchTurns.Record(turns);
        _commitDuration.Record(duration.TotalSeconds);
    }

    public void OnQueued(int turns)
    {
        Interlocked.Add(ref _queuedNow, turns);
        _queueTurns.Add(turns);
    }

    public void OnFeed(int readers)
    {
        Interlocked.Add(ref _readersNow, readers);
        _feedReaders.Add(readers);
    }

    public void OnExpired(int conversations, long messages, long entries)
    {
        _expiredConversations.Add(conversations);
        _expiredMessages.Add(messages);
        _expiredEntries.Add(entries);
    }

    public void OnErased(int conversations) => _erasedConversations.Add(conversations);

    public void OnClock(TimeSpan difference) => _clockDifference.Record(difference.TotalSeconds);

    public void OnEmbedded(int memories, int refused)
    {
        _embeddedMemories.Add(memories);
        _refusedMemories.Add(refused);
    }

    public void OnEmbeddingFailed() => _embeddingFailures.Add(1);

    public void OnTermsOnly() => _queriesByTermsOnly.Add(1);

    public void OnDistilled(int turns, int changes)
    {
        _distilledTurns.Add(turns);
        _factChanges.Add(changes);
    }

    public void OnGivenUp(int turns) => _givenUpTurns.Add(turns);

    public void OnExtractionFailed() => _extractionFailures.Add(1);

    public void OnRecorded(int memories) => _recordedMemories.Add(memories);

    public void OnRecalled(TimeSpan duration) => _recallDuration.Record(duration.TotalSeconds);

    public void OnHeld(int memories)
    {
        Interlocked.Add(ref _heldNow, memories);
        _heldMemories.Add(memories);
    }

    public void Dispose() => _meter.Dispose();
}
