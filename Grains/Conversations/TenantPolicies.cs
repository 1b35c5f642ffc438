using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using OrleansMemory.Errors;
using OrleansMemory.Grains.Diagnostics;
using OrleansMemory.Grains.Tenants;
using OrleansMemory.Tenants;

namespace OrleansMemory.Grains.Conversations;

/// <summary>
/// The policies of tenants that this silo has had to do with. A turn looks here and calls no grain; what is older than
/// <see cref="ConversationOptions.TenantSettingsAge"/> is read again by the next who needs it.
/// </summary>
/// <param name="grains">Where tenants' grains are reached.</param>
/// <param name="options">The silo's options.</param>
/// <param name="timeProvider">The host's clock.</param>
/// <param name="logger">Is told of failed reads.</param>
internal sealed partial class TenantPolicies(
    IGrainFactory grains,
    IOptions<ConversationOptions> options,
    TimeProvider timeProvider,
    ILogger<TenantPolicies> logger
)
{
    /// <summary>
    /// How many tenants are known at most. Names that do not exist are tenants too, so that somebody could send ever new ones.
    /// </summary>
    private const int MaxTenants = 10_000;

    /// <summary>How long a read may hold up those who wait for it.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    private static readonly TimeSpan RetryAfter = TimeSpan.FromSeconds(1);

    private readonly ILogger _logger = logger;
    private readonly ConcurrentDictionary<string, TenantEntry> _tenants = new(StringComparer.Ordinal);

    /// <summary>A tenant's policy, if it is known and not too old.</summary>
    /// <param name="policy">Receives it.</param>
    public bool TryGet(string tenant, [NotNullWhen(true)] out TenantPolicy? policy)
    {
        KnownTenant? known = _tenants.GetValueOrDefault(tenant)?.Known;
        policy = known is not null && timeProvider.GetElapsedTime(known.ReadAt) < options.Value.TenantSettingsAge ? known.Policy : null;
        return policy is not null;
    }

    /// <summary>A tenant's policy. While its settings cannot be read, what was known last holds.</summary>
    /// <exception cref="MemoryUnavailableException">They cannot be read, and nothing is known yet.</exception>
    public async Task<TenantPolicy> GetPolicyAsync(string tenant, CancellationToken cancellationToken)
    {
        if (TryGet(tenant, out TenantPolicy? fresh))
        {
            return fresh;
        }

        TenantEntry entry = EntryOf(tenant);
        Task<TenantPolicy> reading = BeginRead(tenant, entry);
        if (entry.Known is not { } known)
        {
            return await reading.WaitAsync(cancellationToken).ConfigureAwait(false);
        }

        try
        {
            return await reading.WaitAsync(Patience, timeProvider, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is TimeoutException or MemoryException)
        {
            // No one else waits for the same again before a moment has passed.
            entry.Known = known with
            {
                ReadAt = timeProvider.GetTimestamp() - Ticks(options.Value.TenantSettingsAge - RetryAfter),
            };
            return known.Policy;
        }
    }

    /// <summary>Asks for a tenant's settings and takes over what is answered.</summary>
    /// <param name="ask">Reads the settings, or sets them and gives what is kept.</param>
    /// <exception cref="MemoryUnavailableException">There was no answer.</exception>
    public Task<TenantPolicy> LearnAsync(string tenant, Func<Task<TenantSettings>> ask) => LearnAsync(tenant, EntryOf(tenant), ask);

    private ITenantGrain Grain(TenantKey key) => grains.GetGrain<ITenantGrain>(key.ToString());

    private TenantEntry EntryOf(string tenant)
    {
        if (_tenants.Count >= MaxTenants && !_tenants.ContainsKey(tenant))
        {
            _tenants.Clear();
        }

        return _tenants.GetOrAdd(tenant, _ => new TenantEntry());
    }

    private Task<TenantPolicy> BeginRead(string tenant, TenantEntry entry)
    {
        TenantKey key = TenantKey.Create(tenant);
        lock (entry.Gate)
        {
            if (entry.Reading is { IsCompleted: false } reading)
            {
                return reading;
            }

            // The read belongs to no one: it must not run in the turn of the grain that happens to need it first, nor carry that caller's
            // context.
            using AsyncFlowControl flow = ExecutionContext.SuppressFlow();
            // An answer that was lost with a connection is missed only when Orleans gives the call up, after 30 s: who comes later asks
            // again.
            return entry.Reading = Task.Run(() => LearnAsync(tenant, entry, () => AskAsync(key)));
        }
    }

    private async Task<TenantSettings> AskAsync(TenantKey key)
    {
        Task<TenantSettings> answer = Grain(key).GetAsync();
        try
        {
            return await answer.WaitAsync(Patience / 2, timeProvider).ConfigureAwait(false);
        }
        catch (TimeoutException) when (!answer.IsFaulted)
        {
            // Where the whole process stood still, the time is over before anybody could answer: whoever answers now has the other half.
            return await answer.WaitAsync(Patience / 2, timeProvider).ConfigureAwait(false);
        }
    }

    private async Task<TenantPolicy> LearnAsync(string tenant, TenantEntry entry, Func<Task<TenantSettings>> ask)
    {
        // Its age counts from before it was read.
        long now = timeProvider.GetTimestamp();
        try
        {
            // A silo of another release may leave lists out.
            TenantPolicy policy = TenantPolicy.Of(tenant, options.Value, TenantValidation.Check(await ask().ConfigureAwait(false)));
            entry.Known = new KnownTenant(policy, now);
            return policy;
        }
        catch (Exception exception) when (exception is not (MemoryException or OperationCanceledException))
        {
            LogNotRead(exception.GetType().Name);
            throw Unavailable();
        }
    }

    private long Ticks(TimeSpan time) => (long)(time.TotalSeconds * timeProvider.TimestampFrequency);

    // What the store says of the failure stays in the silo.
    private static MemoryUnavailableException Unavailable() => new(RetryAfter);

    [LoggerMessage(EventIds.TenantNotRead, LogLevel.Warning, "A tenant's settings could not be read or set ({ErrorType})")]
    private partial void LogNotRead(string errorType);
}
