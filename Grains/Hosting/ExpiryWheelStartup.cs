using System.Globalization;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using OrleansMemory.Expiry;
using OrleansMemory.Grains.Diagnostics;
using OrleansMemory.Grains.Expiry;

namespace OrleansMemory.Grains.Hosting;

/// <summary>
/// Makes sure, once the silo takes calls, that every position of the expiry wheel has its reminder. The start of the host does not wait for
/// it.
/// </summary>
/// <param name="grains">Where the grains are reached.</param>
/// <param name="options">How many positions there are.</param>
/// <param name="timeProvider">The clock of pauses.</param>
/// <param name="logger">Is told of failures.</param>
internal sealed partial class ExpiryWheelStartup(
    IGrainFactory grains,
    IOptions<ExpiryOptions> options,
    TimeProvider timeProvider,
    ILogger<ExpiryWheelStartup> logger
) : IHostedLifecycleService, IDisposable
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(10);

    private readonly ILogger _logger = logger;
    private readonly CancellationTokenSource _stopping = new();
    private Task _starting = Task.CompletedTask;
    private int _stopped;

    /// <summary>Ends when every position has its reminder.</summary>
    public Task Started => _starting;

    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken)
    {
        _starting = StartWheelAsync(_stopping.Token);
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
        await _starting.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public void Dispose() => _stopping.Dispose();

    private async Task StartWheelAsync(CancellationToken cancellationToken)
    {
        for (int position = 0; position < options.Value.Grains;)
        {
            try
            {
                await grains
                    .GetGrain<IExpiryGrain>(position.ToString(CultureInfo.InvariantCulture))
                    .StartAsync()
                    .WaitAsync(cancellationToken)
                    .ConfigureAwait(false);
                position++;
            }
            catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
            {
                LogStartFailed(exception.GetType().Name);
                await Task.Delay(Pause, timeProvider, cancellationToken).ConfigureAwait(false);
            }
        }
    }

    [LoggerMessage(
        EventIds.ExpiryStartFailed,
        LogLevel.Warning,
        "A position of the expiry wheel could not be given its reminder ({ErrorType}); it is tried again"
    )]
    private partial void LogStartFailed(string errorType);
}
