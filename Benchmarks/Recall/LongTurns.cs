using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Configuration;
using OrleansMemory.Benchmarks.Subjects;
using OrleansMemory.Grains.Storage.Postgres;

namespace OrleansMemory.Benchmarks.Recall;

/// <summary>
/// Counts the grain turns that Orleans itself finds too long: those above <c>SchedulingOptions.TurnWarningLengthThreshold</c>.
/// </summary>
internal sealed class LongTurns : IDisposable
{
    private const string Meter = "Microsoft.Orleans";
    private const string Instrument = "orleans-scheduler-long-running-turns";

    // The bound of DESIGN section 8: longer turns hold up the other grains of their thread.
    private static readonly TimeSpan Bound = TimeSpan.FromMilliseconds(50);

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

    /// <summary>Starts a host that finds turns of more than 50 ms too long.</summary>
    /// <param name="storage">Its database.</param>
    /// <returns>The host.</returns>
    public static Task<BenchmarkHost> StartHostAsync(PostgresStorageOptions storage) =>
        BenchmarkHost.StartAsync(
            storage,
            services => services.Configure<SchedulingOptions>(options => options.TurnWarningLengthThreshold = Bound)
        );

    public void Dispose() => _listener.Dispose();
}
