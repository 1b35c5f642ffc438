using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using OrleansMemory.Errors;
using OrleansMemory.Grains.Conversations;
using OrleansMemory.Grains.Diagnostics;
using OrleansMemory.Grains.Memories;
using OrleansMemory.Grains.Storage;

namespace OrleansMemory.Grains.Hosting;

/// <summary>Removes, from time to time and in bounded steps, what nobody can read any more. Several silos may do so at once.</summary>
/// <param name="services">Gives the store, once the host has started.</param>
/// <param name="options">How often, and how long turn ids are kept.</param>
/// <param name="memories">How long traces of deleted memories are kept.</param>
/// <param name="timeProvider">The clock.</param>
/// <param name="logger">Is told what was removed.</param>
internal sealed partial class StoreSweeper(
    IServiceProvider services,
    IOptions<ConversationOptions> options,
    IOptions<MemoryOptions> memories,
    [FromKeyedServices(MemoryClock.ServiceKey)] TimeProvider timeProvider,
    ILogger<StoreSweeper> logger) : BackgroundService
{
    private const int StepRows = 5_000;
    private const int StepMemories = 2_000;

    private static readonly TimeSpan ImportWindow = TimeSpan.FromDays(1);

    private readonly ILogger _logger = logger;

    /// <inheritdoc />
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        IConversationStore store = services.GetRequiredService<IConversationStore>();
        IFactStore facts = services.GetRequiredService<IFactStore>();
        using var timer = new PeriodicTimer(options.Value.SweepInterval, timeProvider);
        while (await timer.WaitForNextTickAsync(stoppingToken).ConfigureAwait(false))
        {
            try
            {
                await SweepAsync(store, stoppingToken).ConfigureAwait(false);
                await SweepAsync(facts, stoppingToken).ConfigureAwait(false);
            }
            catch (MemoryException exception)
            {
                LogSweepFailed(exception.GetType().Name);
            }
        }
    }

    private async Task SweepAsync(IConversationStore store, CancellationToken cancellationToken)
    {
        SweepResult swept;
        do
        {
            DateTimeOffset now = timeProvider.Now();
            swept = await store.SweepAsync(new Sweep(now - options.Value.TurnIdWindow, now - ImportWindow, StepRows), cancellationToken).ConfigureAwait(false);
            LogSwept(swept.Turns, swept.Messages, swept.Lives, swept.Imports);
        }
        while (swept.Turns >= StepRows || swept.Messages >= StepRows || swept.Lives >= StepRows || swept.Imports >= StepRows);
    }

    private async Task SweepAsync(IFactStore facts, CancellationToken cancellationToken)
    {
        FactSweepResult swept;
        do
        {
            DateTimeOffset now = timeProvider.Now();
            var sweep = new FactSweep(now, now - memories.Value.TraceWindow, now - options.Value.TurnIdWindow, StepMemories);
            swept = await facts.SweepAsync(sweep, cancellationToken).ConfigureAwait(false);
            LogMemoriesSwept(swept.Expired, swept.Traces, swept.Keys);
        }
        while (swept.Expired >= StepMemories || swept.Traces >= StepMemories || swept.Keys >= StepMemories || swept.Vectors >= StepMemories);
    }

    [LoggerMessage(EventIds.MemoriesSwept, LogLevel.Debug, "Swept {Expired} expired memories, {Traces} traces of deleted ones, {Keys} keys of recordings")]
    private partial void LogMemoriesSwept(int expired, int traces, int keys);

    [LoggerMessage(EventIds.SweepDone, LogLevel.Debug, "Swept {Turns} turn ids, {Messages} messages, {Lives} replaced lives, {Imports} abandoned imports")]
    private partial void LogSwept(int turns, int messages, int lives, int imports);

    [LoggerMessage(EventIds.SweepFailed, LogLevel.Warning, "A sweep failed ({ErrorType}); the next one goes on")]
    private partial void LogSweepFailed(string errorType);
}
