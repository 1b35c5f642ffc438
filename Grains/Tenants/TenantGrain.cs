using Microsoft.Extensions.Logging;
using OrleansMemory.Auditing;
using OrleansMemory.Errors;
using OrleansMemory.Grains.Auditing;
using OrleansMemory.Grains.Diagnostics;
using OrleansMemory.Grains.Storage;
using OrleansMemory.Tenants;

namespace OrleansMemory.Grains.Tenants;

/// <summary>The settings of one tenant, in the host's grain storage: they are small and change seldom.</summary>
[GrainType("tenant")]
internal sealed partial class TenantGrain : Grain, ITenantGrain
{
    private static readonly TimeSpan RetryAfter = TimeSpan.FromSeconds(1);

    private readonly IPersistentState<TenantSettings> _stored;
    private readonly AuditTrail _audit;
    private readonly ILogger _logger;
    private TenantSettings _settings = TenantSettings.Empty;

    public TenantGrain(
        [PersistentState("tenant", GrainStateStorage.Name)] IPersistentState<TenantSettings> stored,
        AuditTrail audit,
        ILogger<TenantGrain> logger
    )
    {
        _stored = stored;
        _audit = audit;
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
    public Task<TenantSettings> SetAsync(TenantSettings settings, CancellationToken cancellationToken = default) =>
        StoreAsync(TenantValidation.Check(settings) with { Quotas = _settings.Quotas }, AuditActions.TenantChanged);

    /// <inheritdoc />
    public Task<TenantSettings> SetQuotasAsync(TenantQuotas quotas, CancellationToken cancellationToken = default) =>
        StoreAsync(_settings with { Quotas = TenantValidation.Check(quotas) }, AuditActions.QuotasChanged);

    private Task<TenantSettings> StoreAsync(TenantSettings next, string action)
    {
        bool keysChanged = !next.ApiKeyHashes.SequenceEqual(_settings.ApiKeyHashes);
        return _audit.RunAsync(
            new AuditAction(TenantKey.Parse(this.GetPrimaryKeyString()).Tenant, action),
            () => StoreAsync(next),
            set =>
                action == AuditActions.QuotasChanged
                    ? new AuditCounts(
                        ("maxConversations", set.Quotas.MaxConversations),
                        ("maxBytes", set.Quotas.MaxBytes),
                        ("maxMemories", set.Quotas.MaxMemories)
                    )
                    : new AuditCounts(
                        ("keys", set.ApiKeyHashes.Length),
                        ("keysChanged", keysChanged ? 1 : 0),
                        ("limitsSet", set.Limits == TenantLimits.None ? 0 : 1)
                    )
        );
    }

    private async Task<TenantSettings> StoreAsync(TenantSettings next)
    {
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
