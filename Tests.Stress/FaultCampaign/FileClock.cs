using System.Globalization;

namespace OrleansMemory.Tests.Stress.FaultCampaign;

/// <summary>
/// The clock of a silo under test: as much off as a file says. libfaketime, which sets the clock of a whole process, has .NET's waits with
/// a timeout spin, so that the silo uses a processor while it is idle.
/// </summary>
internal sealed class FileClock : TimeProvider
{
    /// <summary>How soon a change is seen.</summary>
    public static readonly TimeSpan Period = TimeSpan.FromMilliseconds(50);

    private readonly string _file;
    private readonly ITimer _timer;
    private long _ticks;

    /// <summary>Follows a file.</summary>
    /// <param name="file">Holds the seconds by which the clock is ahead.</param>
    public FileClock(string file)
    {
        _file = file;
        Look();
        _timer = System.CreateTimer(static clock => ((FileClock)clock!).Look(), this, Period, Period);
    }

    public override DateTimeOffset GetUtcNow() => System.GetUtcNow().AddTicks(Volatile.Read(ref _ticks));

    public override string ToString() => $"{_file} {_timer}";

    private void Look() =>
        Volatile.Write(ref _ticks, long.Parse(File.ReadAllText(_file), CultureInfo.InvariantCulture) * TimeSpan.TicksPerSecond);
}
