using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using OrleansMemory.Diagnostics;
using OrleansMemory.Grains.Clocks;
using OrleansMemory.Grains.Conversations;
using OrleansMemory.Grains.Diagnostics;
using OrleansMemory.Grains.Memories;
using OrleansMemory.Grains.Storage;

namespace OrleansMemory.Grains.Hosting;

/// <summary>
/// Removes, when the silo has started and from time to time, in bounded steps, what can no longer be read. Several silos may do so at once.
/// </summary>
/// <param name="services">Gives the store, once the host has started.</param>
/// <param name="options">How often, and how long turn ids are kept.</param>
/// <param name="memories">How long traces of deleted memories are kept.</param>
/// <param name="clocks">Says up to which instant something may be removed.</param>
/// <param name="timeProvider">The clock of pauses.</param>
/// <param name="logger">Is told what was removed.</param>
internal sealed partial class StoreSweeper(
    IServiceProvider services,
    IOptions<ConversationOptions> options,
    IOptions<MemoryOptions> memories,
    ClockCheck clocks,
    [FromKeyedServices(MemoryClock.ServiceKey)] TimeProvider timeProvider,
    ILogger<StoreSweeper> logger
) : PeriodicSweeper(timeProvider)
{
    private const int StepRows = 5_000;
    private const int StepMemories = 2_000;

    private static readonly TimeSpan ImportWindow = TimeSpan.FromDays(1);

    private readonly ILogger _logger = logger;

    /// <inheritdoc />
    protected override string ActivityName => MemoryActivities.SweepStore;

    /// <inheritdoc />
    protected override TimeSpan Interval => options.Value.SweepInterval;

    /// <inheritdoc />
    protected override async Task SweepAsync(CancellationToken cancellationToken)
    {
        await SweepAsync(services.GetRequiredService<IConversationStore>(), cancellationToken).ConfigureAwait(false);
        await SweepAsync(services.GetRequiredService<IFactStore>(), cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc />
    protected override void OnFailed(Exception failure) => LogSweepFailed(failure.GetType().Name);

    private async Task SweepAsync(IConversationStore store, CancellationToken cancellationToken)
    {
        SweepResult swept;
        do
        {
            if (await clocks.SweepInstantAsync(cancellationToken).ConfigureAwait(false) is not { } now)
            {
                return;
            }

            swept = await store
                .SweepAsync(new Sweep(now - options.Value.TurnIdWindow, now - ImportWindow, StepRows), cancellationToken)
                .ConfigureAwait(false);
            LogSwept(swept.Turns, swept.Messages, swept.Lives, swept.Imports);
        } while (swept.Turns >= StepRows || swept.Messages >= StepRows || swept.Lives >= StepRows || swept.Imports >= StepRows);
    }

    private async Task SweepAsync(IFactStore facts, CancellationToken cancellationToken)
    {
        FactSweepResult swept;
        do
        {
            if (await clocks.SweepInstantAsync(cancellationToken).ConfigureAwait(false) is not { } now)
            {
                return;
            }

            var sweep = new FactSweep(now, now - memories.Value.TraceWindow, now - options.Value.TurnIdWindow, StepMemories);
            swept = await facts.SweepAsync(sweep, cancellationToken).ConfigureAwait(false);
            LogMemoriesSwept(swept.Expired, swept.Traces, swept.Keys);
        } while (
            swept.Expired >= StepMemories || swept.Traces >= StepMemories || swept.Keys >= StepMemories || swept.Vectors >= StepMemories
        );
    }

    [LoggerMessage(
        EventIds.MemoriesSwept,
        LogLevel.Debug,
        "Swept {Expired} expired memories, {Traces} traces of deleted ones, {Keys} keys of recordings"
    )]
    private partial void LogMemoriesSwept(int expired, int traces, int keys);

    [LoggerMessage(
        EventIds.SweepDone,
        LogLevel.Debug,
        "Swept {Turns} turn ids, {Messages} messages, {Lives} replaced lives, {Imports} abandoned imports"
    )]
    private partial void LogSwept(int turns, int messages, int lives, int imports);

    [LoggerMessage(EventIds.SweepFailed, LogLevel.Warning, "A sweep failed ({ErrorType}); the next one goes on")]
    private partial void LogSweepFailed(string errorType);
}
