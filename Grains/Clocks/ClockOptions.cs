using System.ComponentModel.DataAnnotations;

namespace OrleansMemory.Grains.Clocks;

/// <summary>How the clock of conversations is compared with that of PostgreSQL. With a store that has no clock, as the one in memory,
/// nothing is compared.</summary>
public sealed class ClockOptions
{
    /// <summary>
    /// By how much the silo's clock may be ahead of or behind the database's, 100 milliseconds to 1 hour. A silo that is off by more is not
    /// ready, removes nothing that is expired, and refuses turns that begin anew what has expired or that have a time to live. It should be
    /// the same on all silos.
    /// </summary>
    /// <value>Default: 5 seconds.</value>
    [Range(typeof(TimeSpan), "00:00:00.1000000", "01:00:00", ErrorMessage = "ClockOptions.Tolerance must be 100 ms to 1 hour.")]
    public TimeSpan Tolerance { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>How often the clocks are compared, 1 second to 10 minutes. They are compared before every sweep besides.</summary>
    /// <value>Default: 15 seconds.</value>
    [Range(typeof(TimeSpan), "00:00:01", "00:10:00", ErrorMessage = "ClockOptions.Period must be 1 second to 10 minutes.")]
    public TimeSpan Period { get; set; } = TimeSpan.FromSeconds(15);

    /// <summary>
    /// Whether a clock that the application has registered (as <see cref="TimeProvider"/>, or under <c>MemoryClock.ServiceKey</c>) is to
    /// tell the database's time as well. One that does not, as in tests that move time, is not compared, and instants of removals are then
    /// its own. The system's clock is always compared.
    /// </summary>
    /// <value>Default: false.</value>
    public bool ComparesOwnClock { get; set; }

    /// <summary>Whether a clock is to tell the database's time.</summary>
    /// <param name="clock">The clock of conversations.</param>
    internal bool Concern(TimeProvider clock) => ComparesOwnClock || ReferenceEquals(clock, TimeProvider.System);
}
