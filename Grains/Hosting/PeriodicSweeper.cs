using Microsoft.Extensions.Hosting;

namespace OrleansMemory.Grains.Hosting;

/// <summary>Sweeps when the silo has started and from time to time, until the silo stops. A sweep that fails is reported, and the next one goes on.</summary>
/// <param name="timeProvider">The clock.</param>
internal abstract class PeriodicSweeper(TimeProvider timeProvider) : IHostedLifecycleService, IDisposable
{
    private readonly CancellationTokenSource _stopping = new();
    private Task _sweeping = Task.CompletedTask;
    private int _stopped;

    /// <summary>The clock.</summary>
    protected TimeProvider TimeProvider { get; } = timeProvider;

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
            _sweeping = SweepUntilStoppedAsync(_stopping.Token);
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

    /// <summary>Logs that a sweep failed. It is not called for what the stop of the silo cuts short.</summary>
    /// <param name="errorType">The type of the failure.</param>
    protected abstract void ReportFailure(string errorType);

    private async Task SweepUntilStoppedAsync(CancellationToken cancellationToken)
    {
        using var timer = new PeriodicTimer(Interval, TimeProvider);
        do
        {
            try
            {
                await SweepAsync(cancellationToken).ConfigureAwait(false);
            }
            catch (Exception failure) when (!cancellationToken.IsCancellationRequested)
            {
                ReportFailure(failure.GetType().Name);
            }
        }
        while (await timer.WaitForNextTickAsync(cancellationToken).ConfigureAwait(false));
    }
}
