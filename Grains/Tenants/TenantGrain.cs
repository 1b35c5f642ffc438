using Microsoft.Extensions.Logging;
using OrleansMemory.Errors;
using OrleansMemory.Grains.Diagnostics;
using OrleansMemory.Grains.Hosting;
using OrleansMemory.Tenants;

namespace OrleansMemory.Grains.Tenants;

/// <summary>The settings of one tenant, in the host's grain storage: they are small and change seldom.</summary>
[GrainType("tenant")]
internal sealed partial class TenantGrain : Grain, ITenantGrain
{
    private static readonly TimeSpan RetryAfter = TimeSpan.FromSeconds(1);

    private readonly IPersistentState<TenantSettings> _stored;
    private readonly ILogger _logger;
    private TenantSettings _settings = TenantSettings.Empty;

    public TenantGrain([PersistentState("tenant", GrainStates.Storage)] IPersistentState<TenantSettings> stored, ILogger<TenantGrain> logger)
    {
        _stored = stored;
        _logger = logger;
    }

    /// <inheritdoc />
    public override Task OnActivateAsync(CancellationToken cancellationToken)
    {
        TenantKey.Parse(this.GetPrimaryKeyString());
        _settings = _stored.RecordExists ? TenantValidation.Check(_stored.State) : TenantSettings.Empty;
        return Task.CompletedTask;
    }

    /// <inheritdoc />
    public Task<TenantSettings> GetAsync(CancellationToken cancellationToken = default) => Task.FromResult(_settings);

    /// <inheritdoc />
    public async Task<TenantSettings> SetAsync(TenantSettings settings, CancellationToken cancellationToken = default)
    {
        TenantSettings next = TenantValidation.Check(settings);
        _stored.State = next;
        try
        {
            // The caller may go; the write is waited for, so that what is known stays what is stored.
            await _stored.WriteStateAsync(CancellationToken.None);
        }
        catch (Exception exception)
        {
            // It may be stored or not: the next call reads what is.
            LogNotStored(exception.GetType().Name);
            DeactivateOnIdle();
            throw Unavailable();
        }

        _settings = next;
        return next;
    }

    // What the store says of the failure stays in the silo.
    private static MemoryUnavailableException Unavailable() => new(RetryAfter);

    [LoggerMessage(EventIds.TenantNotStored, LogLevel.Warning, "A tenant's settings may not have been stored ({ErrorType})")]
    private partial void LogNotStored(string errorType);
}
