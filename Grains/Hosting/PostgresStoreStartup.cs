using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using OrleansMemory.Grains.Diagnostics;
using OrleansMemory.Grains.Storage.Postgres;
using OrleansMemory.Grains.Storage.Postgres.Conversations;
using OrleansMemory.Grains.Storage.Postgres.Facts;
using OrleansMemory.Grains.Storage.Postgres.Schema;

namespace OrleansMemory.Grains.Hosting;

/// <summary>Opens the store before the silo starts, and drains and closes it after the silo has stopped.</summary>
/// <param name="lifetime">Holds the store.</param>
/// <param name="options">How it is kept.</param>
/// <param name="instruments">What is measured.</param>
/// <param name="loggers">Makes its loggers.</param>
/// <param name="timeProvider">Its clock.</param>
internal sealed class PostgresStoreStartup(
    PostgresStoreLifetime lifetime,
    IOptions<PostgresStorageOptions> options,
    MemoryInstruments instruments,
    ILoggerFactory loggers,
    TimeProvider timeProvider
) : IStartupStep, IAsyncDisposable
{
    private PostgresConversationStore? _opened;

    public StartupStage Stage => StartupStage.Store;

    public Task StartAsync(CancellationToken cancellationToken) =>
        new DatabaseStart(options.Value, timeProvider, loggers.CreateLogger<DatabaseStart>()).OpenAsync(OpenAsync, cancellationToken);

    public async Task StopAsync(CancellationToken cancellationToken) => await DisposeAsync().ConfigureAwait(false);

    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _opened, null) is { } opened)
        {
            await opened.DisposeAsync().ConfigureAwait(false);
        }
    }

    private async Task OpenAsync(CancellationToken cancellationToken)
    {
        _opened = await PostgresConversationStore
            .OpenAsync(options.Value, instruments, loggers, timeProvider, cancellationToken)
            .ConfigureAwait(false);
        lifetime.Facts = await PostgresFactStore
            .OpenAsync(_opened, loggers.CreateLogger<PostgresFactStore>(), cancellationToken)
            .ConfigureAwait(false);
        lifetime.Store = _opened;
    }
}
