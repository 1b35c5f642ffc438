using OrleansMemory.Errors;

namespace OrleansMemory.Grains.Clocks;

/// <summary>
/// What time it is at the database: what its clock has said, carried on by a clock of this process that only counts and that no step of the
/// wall clock moves. So a wall clock is compared at any moment, and without asking the database each time.
/// </summary>
/// <param name="clock">The database's clock; <see langword="null"/> where the store has none.</param>
internal sealed class DatabaseTime(TimeProvider timeProvider, IDatabaseClock? clock = null) : IDisposable
{
    private const int Samples = 3;

    private readonly SemaphoreSlim _asking = new(1);
    private ClockReading? _reading;

    /// <summary>Whether the store has a clock.</summary>
    public bool IsThere => clock is not null;

    /// <summary>The newest reading; <see langword="null"/> before the first.</summary>
    public ClockReading? Reading => Volatile.Read(ref _reading);

    /// <summary>The database's time, by the newest reading; <see langword="null"/> before the first.</summary>
    public DateTimeOffset? Now => Reading is { } reading ? At(reading) : null;

    /// <summary>The database's time by a reading.</summary>
    /// <param name="reading">What the database said, and when this process heard it.</param>
    /// <returns>The time now.</returns>
    public DateTimeOffset At(ClockReading reading) => reading.Time + AgeOf(reading);

    /// <summary>How old a reading is.</summary>
    /// <param name="reading">What the database said, and when this process heard it.</param>
    public TimeSpan AgeOf(ClockReading reading) => timeProvider.GetElapsedTime(reading.Timestamp);

    /// <summary>Gives a reading that is young enough, or asks the database. Those who wait at the same time share one answer.</summary>
    /// <param name="oldest">How old it may be.</param>
    /// <exception cref="MemoryUnavailableException">The database does not answer.</exception>
    /// <exception cref="InvalidOperationException">The store has no clock.</exception>
    public async Task<ClockReading> ReadAsync(TimeSpan oldest, CancellationToken cancellationToken)
    {
        if (clock is null)
        {
            throw new InvalidOperationException("The store has no clock. Ask IsThere first.");
        }

        long began = timeProvider.GetTimestamp();
        if (Reading is { } known && AgeOf(known) < oldest)
        {
            return known;
        }

        await _asking.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            if (Reading is { } other && (AgeOf(other) < oldest || other.Timestamp > began))
            {
                return other;
            }

            ClockReading reading = ClockReading.Of(await clock.SampleAsync(Samples, cancellationToken).ConfigureAwait(false));
            Volatile.Write(ref _reading, reading);
            return reading;
        }
        finally
        {
            _asking.Release();
        }
    }

    public void Dispose() => _asking.Dispose();
}
