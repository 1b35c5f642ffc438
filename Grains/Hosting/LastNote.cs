using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using OrleansMemory.Grains.Diagnostics;
using OrleansMemory.Grains.Usage;

namespace OrleansMemory.Grains.Hosting;

/// <summary>Notes what the last turns of the silo have added, when there are no more and before the store is closed.</summary>
/// <param name="services">Where the meters are.</param>
/// <param name="logger">Is told where that fails.</param>
internal sealed partial class LastNote(IServiceProvider services, ILogger<LastNote> logger) : IStartupStep
{
    private readonly ILogger _logger = logger;

    /// <inheritdoc />
    public StartupStage Stage => StartupStage.Usage;

    /// <inheritdoc />
    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc />
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        try
        {
            await services.GetRequiredService<UsageMeters>().NoteAsync().WaitAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (Exception exception)
        {
            LogNotNoted(exception.GetType().Name);
        }
    }

    [LoggerMessage(
        EventIds.LastUsageNotNoted,
        LogLevel.Warning,
        "What the last turns have added to usage could not be noted ({ErrorType}); the next walk counts it"
    )]
    private partial void LogNotNoted(string errorType);
}
