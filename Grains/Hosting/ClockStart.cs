using OrleansMemory.Grains.Clocks;

namespace OrleansMemory.Grains.Hosting;

/// <summary>
/// Compares the clocks before the silo starts: no turn is taken and no member is judged before it is known what time it is at the database.
/// </summary>
/// <param name="database">The database's time.</param>
/// <param name="check">Compares. A clock that is off does not fail the start: it is told of, and the silo is not ready.</param>
internal sealed class ClockStart(DatabaseTime database, ClockCheck check) : IStartupStep
{
    public StartupStage Stage => StartupStage.Clock;

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        await database.ReadAsync(TimeSpan.Zero, cancellationToken).ConfigureAwait(false);
        await check.IsRightAsync(cancellationToken).ConfigureAwait(false);
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
