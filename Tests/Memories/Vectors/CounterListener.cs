using System.Diagnostics.Metrics;
using OrleansMemory.Grains.Diagnostics;

namespace OrleansMemory.Tests.Memories.Vectors;

/// <summary>Adds up one counter of one host.</summary>
internal sealed class CounterListener : IDisposable
{
    private readonly MeterListener _listener = new();
    private long _sum;

    public CounterListener(MemoryInstruments instruments, string name)
    {
        _listener.InstrumentPublished = (instrument, it) =>
        {
            if (ReferenceEquals(instrument.Meter, instruments.Meter) && instrument.Name == name)
            {
                it.EnableMeasurementEvents(instrument);
            }
        };
        _listener.SetMeasurementEventCallback<long>((_, value, _, _) => Interlocked.Add(ref _sum, value));
        _listener.Start();
    }

    public long Sum => Interlocked.Read(ref _sum);

    public void Dispose() => _listener.Dispose();
}
