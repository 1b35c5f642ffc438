using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using OrleansMemory.Errors;
using OrleansMemory.Grains.Diagnostics;

namespace OrleansMemory.Grains.Clocks;

/// <summary>
/// Whether the clock of conversations tells the database's time. Everything that removes by an instant, and whoever asks whether the silo
/// is ready, asks here.
/// </summary>
/// <remarks>
/// A clock counts as off only where it is off beyond doubt: the error of the measurement is taken from the difference. Where it is off
/// after what the database said some time ago, the database is asked once more: a process that was suspended has not counted meanwhile.
/// </remarks>
internal sealed partial class ClockCheck
{
    /// <summary>
    /// A younger reading is as good as a new one: two clocks do not drift apart in it, and a step is seen without asking.
    /// </summary>
    private static readonly TimeSpan Fresh = TimeSpan.FromSeconds(5);

    private static readonly TimeSpan Repeat = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan RetryAfter = TimeSpan.FromSeconds(1);

    private readonly TimeProvider _clock;
    private readonly TimeProvider _host;
    private readonly DatabaseTime _database;
    private readonly TimeSpan _tolerance;
    private readonly MemoryInstruments _instruments;
    private readonly ILogger _logger;
    private readonly Lock _telling = new();
    private long? _toldAt;

    /// <summary>Compares a clock.</summary>
    /// <param name="clock">The clock of conversations.</param>
    /// <param name="host">Counts the time between two log lines.</param>
    /// <param name="database">The database's time.</param>
    /// <param name="options">What is tolerated.</param>
    /// <param name="instruments">Are told the difference.</param>
    /// <param name="logger">Is told of a clock that is off, and when it is right again.</param>
    public ClockCheck(
        [FromKeyedServices(ConversationClock.ServiceKey)] TimeProvider clock,
        TimeProvider host,
        DatabaseTime database,
        IOptions<ClockOptions> options,
        MemoryInstruments instruments,
        ILogger<ClockCheck> logger
    )
    {
        _clock = clock;
        _host = host;
        _database = database;
        _tolerance = options.Value.Tolerance;
        _instruments = instruments;
        _logger = logger;
        Compares = database.IsThere && options.Value.Concern(clock);
    }

    /// <summary>
    /// Whether the clock is compared at all; see <see cref="ClockOptions.ComparesOwnClock"/>. One that is not counts as right.
    /// </summary>
    public bool Compares { get; }

    /// <summary>Compares the clocks.</summary>
    /// <returns>Whether the silo's is right.</returns>
    /// <exception cref="MemoryUnavailableException">The database does not answer.</exception>
    public async Task<bool> IsRightAsync(CancellationToken cancellationToken)
    {
        if (!Compares)
        {
            return true;
        }

        ClockReading reading = await _database.ReadAsync(Fresh, cancellationToken).ConfigureAwait(false);
        TimeSpan difference = DifferenceFrom(reading);
        if (!IsTolerable(difference, reading))
        {
            reading = await _database.ReadAsync(TimeSpan.Zero, cancellationToken).ConfigureAwait(false);
            difference = DifferenceFrom(reading);
        }

        bool isRight = IsTolerable(difference, reading);
        _instruments.OnClock(difference);
        Tell(isRight, difference);
        return isRight;
    }

    /// <summary>Says up to which instant something may be removed because it is over.</summary>
    /// <returns>
    /// What time it is, by the clock that is behind; <see langword="null"/> when the silo's clock is off, and nothing may be removed.
    /// </returns>
    /// <exception cref="MemoryUnavailableException">The database does not answer.</exception>
    public async Task<DateTimeOffset?> SweepInstantAsync(CancellationToken cancellationToken)
    {
        if (!await IsRightAsync(cancellationToken).ConfigureAwait(false))
        {
            return null;
        }

        DateTimeOffset now = _clock.Now();
        return
            Compares && _database.Reading is { } reading && Instants.Kept(_database.At(reading) - reading.Error) is var bound && bound < now
            ? bound
            : now;
    }

    /// <summary>Whether the silo's clock is off by what the database said last. The database is not asked.</summary>
    public bool IsOff => Compares && _database.Reading is { } reading && !IsTolerable(DifferenceFrom(reading), reading);

    /// <summary>Refuses what would make a wrong clock remove something, now or later. The database is not asked.</summary>
    /// <exception cref="MemoryUnavailableException">The silo's clock is off.</exception>
    public void RequireRight()
    {
        if (IsOff)
        {
            throw MemoryUnavailableException.WrongClock(RetryAfter);
        }
    }

    private TimeSpan DifferenceFrom(ClockReading reading) => _clock.GetUtcNow() - _database.At(reading);

    private bool IsTolerable(TimeSpan difference, ClockReading reading) => difference.Duration() - reading.Error <= _tolerance;

    private void Tell(bool isRight, TimeSpan difference)
    {
        lock (_telling)
        {
            if (isRight)
            {
                if (_toldAt is not null)
                {
                    _toldAt = null;
                    LogRight(difference.TotalSeconds);
                }

                return;
            }

            if (_toldAt is { } at && _host.GetElapsedTime(at) < Repeat)
            {
                return;
            }

            _toldAt = _host.GetTimestamp();
            LogOff(difference.Duration().TotalSeconds, difference > TimeSpan.Zero ? "ahead of" : "behind", _tolerance.TotalSeconds);
        }
    }

    [LoggerMessage(
        EventIds.ClockOff,
        LogLevel.Error,
        "The clock of this silo is {Seconds:0.###} s {Direction} PostgreSQL's, and {Tolerance:0.###} s are tolerated. The silo is not ready, removes nothing that is "
            + "expired and refuses turns with a time to live until both agree: synchronise the clocks of the two machines (NTP). No restart is needed"
    )]
    private partial void LogOff(double seconds, string direction, double tolerance);

    [LoggerMessage(
        EventIds.ClockRight,
        LogLevel.Warning,
        "The clock of this silo agrees with PostgreSQL's again (difference {Seconds:0.###} s); the silo is ready and removes what is expired"
    )]
    private partial void LogRight(double seconds);
}
