using System.Collections.Concurrent;
using Microsoft.Extensions.DependencyInjection;
using OrleansMemory.Errors;
using OrleansMemory.Grains.Clocks;
using OrleansMemory.Grains.Storage;
using OrleansMemory.Tenants;
using OrleansMemory.Usage;

namespace OrleansMemory.Grains.Usage;

/// <summary>The meters of this silo, one per tenant that it has had to do with lately.</summary>
/// <param name="services">Where the store is found, once it is open.</param>
/// <param name="timeProvider">The clock of conversations.</param>
internal sealed class UsageMeters(IServiceProvider services, [FromKeyedServices(ConversationClock.ServiceKey)] TimeProvider timeProvider)
    : IDisposable
{
    private readonly ConcurrentDictionary<string, TenantMeter> _meters = new(StringComparer.Ordinal);
    private readonly SemaphoreSlim _noting = new(1);
    private long _notes;

    private IUsageStore Store => services.GetRequiredService<IUsageStore>();

    /// <summary>The meter of a tenant.</summary>
    public TenantMeter Of(string tenant) => _meters.GetOrAdd(tenant, static name => new TenantMeter(name));

    /// <summary>Takes room for something that is about to be written; the caller settles it.</summary>
    /// <param name="amount">How much.</param>
    /// <param name="quotas">The tenant's quotas.</param>
    /// <exception cref="QuotaExceededException">There is none, also by what the store says now.</exception>
    /// <exception cref="MemoryUnavailableException">The store does not say.</exception>
    public async Task<MeterRoom> ReserveAsync(string tenant, UsageAmount amount, TenantQuotas quotas)
    {
        while (true)
        {
            TenantMeter meter = Of(tenant);
            if (meter.TryReserve(amount, quotas))
            {
                return new MeterRoom(meter, amount);
            }

            // What was freed since the last note is not known here yet.
            await NoteAsync().ConfigureAwait(false);
            if (meter.IsKnown && meter.Check(amount, quotas) is { } exceeded)
            {
                throw exceeded;
            }
        }
    }

    /// <summary>
    /// Gives the store what turns have added, and learns what tenants with quotas use now. A call that waits for another one is done by the
    /// next: all that wait share it.
    /// </summary>
    /// <returns>A task that ends when a note that was begun after the call is over.</returns>
    public async Task NoteAsync()
    {
        long wanted = Interlocked.Read(ref _notes) + 1;
        await _noting.WaitAsync().ConfigureAwait(false);
        try
        {
            // The one that was under way when we came does not count; one that was begun and ended while we waited does.
            if (Interlocked.Read(ref _notes) < wanted)
            {
                Interlocked.Increment(ref _notes);
                await NoteOnceAsync().ConfigureAwait(false);
            }
        }
        finally
        {
            _noting.Release();
        }
    }

    /// <inheritdoc />
    public void Dispose() => _noting.Dispose();

    private async Task NoteOnceAsync()
    {
        var growth = new List<UsageGrowth>();
        var wanted = new HashSet<string>(StringComparer.Ordinal);
        var begun = new List<KeyValuePair<string, TenantMeter>>();
        foreach (KeyValuePair<string, TenantMeter> known in _meters)
        {
            bool isWatched = known.Value.BeginNote(out UsageGrowth added);
            begun.Add(known);
            if (added.Amount != default)
            {
                growth.Add(added);
            }

            if (isWatched)
            {
                wanted.Add(known.Key);
            }
        }

        IReadOnlyList<TenantUsage> usages = [];
        try
        {
            if (growth.Count > 0 || wanted.Count > 0)
            {
                DateOnly today = DateOnly.FromDateTime(timeProvider.Now().UtcDateTime);
                usages = await Store.NoteAsync(growth, today, wanted, CancellationToken.None).ConfigureAwait(false);
            }
        }
        catch
        {
            begun.ForEach(static known => known.Value.FailNote());
            throw;
        }

        Dictionary<string, TenantUsage> byTenant = usages.ToDictionary(static usage => usage.Tenant, StringComparer.Ordinal);
        foreach ((string tenant, TenantMeter meter) in begun)
        {
            meter.EndNote(wanted.Contains(tenant) ? byTenant.GetValueOrDefault(tenant) ?? new TenantUsage { Tenant = tenant } : null);
        }
    }
}

/// <summary>Room that was taken for something.</summary>
/// <param name="Amount">How much.</param>
internal readonly record struct MeterRoom(TenantMeter Meter, UsageAmount Amount)
{
    /// <summary>Gives it back, or turns it into usage.</summary>
    /// <param name="result">What became of it.</param>
    public void Settle(MeterResult result) => Meter.Settle(Amount, result);
}
