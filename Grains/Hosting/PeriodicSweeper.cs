using System.Diagnostics;
using Microsoft.Extensions.Hosting;
using OrleansMemory.Diagnostics;

namespace OrleansMemory.Grains.Hosting;

/// <summary>
/// Sweeps when the silo has started and from time to time, until the silo stops. A sweep that fails is told of, and the next one goes on;
/// what a sweep throws while the silo stops is no failure, whatever it is: what it worked with may be gone by then.
/// </summary>
/// <param name="timeProvider">The clock.</param>
internal abstract class PeriodicSweeper(TimeProvider timeProvider) : IHostedLifecycleService, IDisposable
{
    private readonly CancellationTokenSource _stopping = new();
    private Task _sweeping = Task.CompletedTask;
    private int _stopped;

    /// <summary>Whether there is anything to sweep for. It is asked when the silo has started.</summary>
    protected virtual bool IsOn => true;

    /// <summary>The name of a sweep's activity; <see langword="null"/> where sweeps have none.</summary>
    protected virtual string? ActivityName => null;

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
        await _sweeping.WaitAsync(cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public void Dispose() => _stopping.Dispose();

    /// <summary>Sweeps once.</summary>
    /// <param name="cancellationToken">Ends the sweep when the silo stops.</param>
    protected abstract Task SweepAsync(CancellationToken cancellationToken);

    /// <summary>Logs that a sweep failed. It is not called for what a stop has caused.</summary>
    /// <param name="failure">What the sweep has thrown.</param>
    protected abstract void OnFailed(Exception failure);

    private async Task SweepUntilStoppedAsync(CancellationToken cancellationToken)
    {
        // The start of the silo does not wait for the first sweep, and sweeps belong to no trace of it.
        await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        Activity.Current = null;
        using var timer = new PeriodicTimer(Interval, timeProvider);
        do
        {
            using Activity? activity = ActivityName is { } name ? MemoryActivities.Source.StartActivity(name) : null;
            try
            {
                await SweepAsync(cancellationToken).ConfigureAwait(false);
            }
            catch (Exception failure)
            {
                activity.Fail(failure);
                if (cancellationToken.IsCancellationRequested)
                {
                    return;
                }

                OnFailed(failure);
            }
        } while (await timer.WaitForNextTickAsync(cancellationToken).ConfigureAwait(false));
    }
}
