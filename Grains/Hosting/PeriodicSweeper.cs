using Microsoft.Extensions.Hosting;

namespace OrleansMemory.Grains.Hosting;

/// <summary>Sweeps when the silo has started and from time to time, until the silo stops. What a sweep throws is the sweep's to catch: nothing follows it.</summary>
/// <param name="timeProvider">The clock.</param>
internal abstract class PeriodicSweeper(TimeProvider timeProvider) : IHostedLifecycleService, IDisposable
{
    private readonly CancellationTokenSource _stopping = new();
    private Task _sweeping = Task.CompletedTask;
    private int _stopped;

    /// <summary>Whether there is anything to sweep for. It is asked when the silo has started.</summary>
    protected abstract bool IsOn { get; }

    /// <summary>How long it is from one sweep to the next.</summary>
    protected abstract TimeSpan Interval { get; }

    public virtual Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken)
    {
        if (IsOn)
        {
            _sweeping = SweepForEverAsync(_stopping.Token);
        }

        return Task.CompletedTask;
    }

    public async Task StoppingAsync(CancellationToken cancellationToken)
    {
        if (Interlocked.Exchange(ref _stopped, 1) == 1)
        {
            // A host may be stopped again, also after it was disposed.
            return;
        }

        await _stopping.CancelAsync().ConfigureAwait(false);
        await _sweeping.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public void Dispose() => _stopping.Dispose();

    /// <summary>Sweeps once.</summary>
    /// <param name="cancellationToken">Ends the sweep when the silo stops.</param>
    /// <returns>A task that ends with the sweep.</returns>
    protected abstract Task SweepAsync(CancellationToken cancellationToken);

    private async Task SweepForEverAsync(CancellationToken cancellationToken)
    {
        using var timer = new PeriodicTimer(Interval, timeProvider);
        do
        {
            await SweepAsync(cancellationToken).ConfigureAwait(false);
        }
        while (await timer.WaitForNextTickAsync(cancellationToken).ConfigureAwait(false));
    }
}
