using Microsoft.Extensions.Options;
using OrleansMemory.Errors;
using OrleansMemory.Grains.Conversations;
using OrleansMemory.Grains.Hosting;

namespace OrleansMemory.Silo.Access;

/// <summary>
/// Reads the keys of tenants when the silo has started, and as often as settings of tenants are read: a key that was set or taken back
/// elsewhere is seen within that time.
/// </summary>
/// <param name="access">Whether they open anything.</param>
/// <param name="time">The clock.</param>
/// <param name="logger">Is told of failures.</param>
internal sealed partial class TenantKeyRefresh(
    ITenantKeyDirectory directory,
    IOptions<AccessOptions> access,
    IOptions<ConversationOptions> conversations,
    TimeProvider time,
    ILogger<TenantKeyRefresh> logger
) : IHostedLifecycleService, IDisposable
{
    // Until they have been read once no one with such a key is served.
    private static readonly TimeSpan FirstPause = TimeSpan.FromSeconds(1);

    private readonly CancellationTokenSource _stopping = new();
    private Task _refreshing = Task.CompletedTask;

    /// <inheritdoc />
    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc />
    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc />
    public async Task StartedAsync(CancellationToken cancellationToken)
    {
        if (!access.Value.ConfiguredKeysOnly)
        {
            bool isRead = await TryAsync(cancellationToken);
            _refreshing = RepeatAsync(isRead, _stopping.Token);
        }
    }

    /// <inheritdoc />
    public async Task StoppingAsync(CancellationToken cancellationToken)
    {
        await _stopping.CancelAsync();
        await _refreshing.WaitAsync(cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    /// <inheritdoc />
    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc />
    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc />
    public void Dispose() => _stopping.Dispose();

    private async Task RepeatAsync(bool isRead, CancellationToken cancellationToken)
    {
        while (true)
        {
            await Task.Delay(isRead ? conversations.Value.TenantSettingsAge : FirstPause, time, cancellationToken);
            isRead |= await TryAsync(cancellationToken);
        }
    }

    private async Task<bool> TryAsync(CancellationToken cancellationToken)
    {
        try
        {
            await directory.RefreshAsync(cancellationToken);
            return true;
        }
        catch (MemoryException failure)
        {
            LogNotRead(failure.GetType().Name);
            return false;
        }
    }

    [LoggerMessage(2132, LogLevel.Warning, "The keys of tenants could not be read ({Exception}); what was known before holds")]
    private partial void LogNotRead(string exception);
}
