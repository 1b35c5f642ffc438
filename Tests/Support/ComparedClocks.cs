using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using OrleansMemory.Grains.Clocks;
using OrleansMemory.Grains.Diagnostics;

namespace OrleansMemory.Tests.Support;

/// <summary>A silo's clock and a database's, both moved by a test, and what compares them.</summary>
internal sealed class ComparedClocks : IDisposable
{
    public static readonly TimeSpan Tolerance = TimeSpan.FromSeconds(5);

    private readonly MemoryInstruments _instruments = new();
    private readonly DatabaseTime _time;

    public ComparedClocks(bool comparesOwnClock = true)
    {
        Database = new DatabaseClockScript(Host, Wall);
        _time = new DatabaseTime(Host, Database);
        Check = new ClockCheck(
            Silo,
            Host,
            _time,
            Options.Create(new ClockOptions { Tolerance = Tolerance, ComparesOwnClock = comparesOwnClock }),
            _instruments,
            new LoggerFactory([Lines]).CreateLogger<ClockCheck>()
        );
    }

    /// <summary>Counts.</summary>
    public TestClock Host { get; } = new();

    /// <summary>The clock of conversations.</summary>
    public ManualUtcClock Silo { get; } = new();

    /// <summary>The wall clock of the database's machine.</summary>
    public ManualUtcClock Wall { get; } = new();

    public DatabaseClockScript Database { get; }

    public ClockCheck Check { get; }

    public LogLines Lines { get; } = new();

    /// <summary>A check for what sweeps by a clock that no database has.</summary>
    public static ClockCheck None(TimeProvider clock) =>
        new(
            clock,
            clock,
            new DatabaseTime(clock),
            Options.Create(new ClockOptions()),
            new MemoryInstruments(),
            new LoggerFactory().CreateLogger<ClockCheck>()
        );

    /// <summary>Lets time pass on all machines.</summary>
    public void Pass(TimeSpan time)
    {
        Silo.Advance(time);
        Wall.Advance(time);
        Host.Advance(time);
    }

    public Task<bool> IsRightAsync() => Check.IsRightAsync(CancellationToken.None);

    public Task<DateTimeOffset?> SweepInstantAsync() => Check.SweepInstantAsync(CancellationToken.None);

    public void Dispose()
    {
        _time.Dispose();
        _instruments.Dispose();
        Lines.Dispose();
    }
}
