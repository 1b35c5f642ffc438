using Microsoft.Extensions.DependencyInjection;
using OrleansMemory.Errors;
using OrleansMemory.Grains.Conversations;
using OrleansMemory.Grains.Storage;
using OrleansMemory.Grains.Text;
using OrleansMemory.Grains.Usage;
using OrleansMemory.Memories;
using OrleansMemory.Users;

namespace OrleansMemory.Grains.Memories;

/// <summary>Writes memories where their tenant has room for them.</summary>
/// <param name="services">Where the store is found, once it is open.</param>
/// <param name="tenants">The quotas.</param>
/// <param name="meters">What is used.</param>
internal sealed class MemoryQuota(IServiceProvider services, TenantPolicies tenants, UsageMeters meters)
{
    private IFactStore Store => services.GetRequiredService<IFactStore>();

    /// <summary>Records memories. What was recorded under the same key before is answered however full the tenant is.</summary>
    /// <param name="recording">The recording.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>What became of it.</returns>
    /// <exception cref="QuotaExceededException">There is no room.</exception>
    public async Task<RecordResult> RecordAsync(FactRecording recording, CancellationToken cancellationToken)
    {
        string tenant = recording.Scope.Tenant;
        UsageAmount amount = AmountOf(recording.Facts);
        TenantPolicy policy = await tenants.GetPolicyAsync(tenant, cancellationToken);
        TenantMeter meter = meters.Of(tenant);
        MeterRoom room;
        if (meter.TryReserve(amount, policy.Quotas))
        {
            room = new MeterRoom(meter, amount);
        }
        else if (await Store.FindRecordingAsync(recording, cancellationToken) is { } known)
        {
            return known;
        }
        else
        {
            room = await meters.ReserveAsync(tenant, amount, policy.Quotas);
        }

        return await WriteAsync(
            room,
            () => Store.RecordAsync(recording, cancellationToken),
            static result => result.Status == RecordStatus.Recorded
        );
    }

    /// <summary>Writes imported memories.</summary>
    /// <param name="user">For whom.</param>
    /// <param name="records">The memories.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>How many were not there yet.</returns>
    /// <exception cref="QuotaExceededException">There is no room for all of them.</exception>
    public async Task<int> ImportAsync(UserKey user, IReadOnlyList<MemoryRecord> records, CancellationToken cancellationToken)
    {
        TenantPolicy policy = await tenants.GetPolicyAsync(user.Tenant, cancellationToken);
        MeterRoom room = await meters.ReserveAsync(user.Tenant, AmountOf(records.Select(static record => record.Fact)), policy.Quotas);
        return await WriteAsync(room, () => Store.ImportAsync(user, records, cancellationToken), static written => written > 0);
    }

    private static async Task<T> WriteAsync<T>(MeterRoom room, Func<Task<T>> write, Func<T, bool> isWritten)
    {
        MeterResult used = MeterResult.Nothing;
        try
        {
            T result = await write();
            used = isWritten(result) ? MeterResult.Other : MeterResult.Nothing;
            return result;
        }
        finally
        {
            room.Settle(used);
        }
    }

    private static UsageAmount AmountOf(IEnumerable<MemoryFact> facts)
    {
        (long count, long bytes) = (0, 0);
        foreach (MemoryFact fact in facts)
        {
            count++;
            bytes += (long)Utf8Size.Of(fact.Text) + Utf8Size.Of(fact.Caption) + Utf8Size.Of(fact.Metadata);
        }

        return new UsageAmount(Memories: count, MemoryBytes: bytes);
    }
}
