using System.Diagnostics.Metrics;

namespace OrleansMemory.Benchmarks.Recall;

/// <summary>Counts the grain turns that Orleans itself finds too long: those above <c>SchedulingOptions.TurnWarningLengthThreshold</c>.</summary>
internal sealed class LongTurns : IDisposable
{
    private const string Meter = "Microsoft.Orleans";
    private const string Instrument = "orleans-scheduler-long-running-turns";

    private readonly MeterListener _listener = new();
    private long _count;

    public LongTurns()
    {
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (instrument.Meter.Name == Meter && instrument.Name == Instrument)
            {
                listener.EnableMeasurementEvents(instrument);
            }
        };
        _listener.SetMeasurementEventCallback<int>((_, more, _, _) => Interlocked.Add(ref _count, more));
        _listener.SetMeasurementEventCallback<long>((_, more, _, _) => Interlocked.Add(ref _count, more));
        _listener.Start();
    }

    /// <summary>How many there were.</summary>
    public long Count => Interlocked.Read(ref _count);

    public void Dispose() => _listener.Dispose();
}
