using OrleansMemory.Conversations;
using OrleansMemory.Errors;
using OrleansMemory.Grains.Storage;
using OrleansMemory.Grains.Usage;
using OrleansMemory.Tenants;

namespace OrleansMemory.Grains.Conversations;

/// <summary>Quotas of the tenant, whose policy is asked for before a gate is entered.</summary>
internal sealed class ConversationQuota(ConversationActivation activation, UsageMeters meters)
{
    private TenantMeter Meter => field ??= meters.Of(activation.Key.Tenant);

    /// <summary>Waits for room, if the tenant may have it.</summary>
    /// <exception cref="QuotaExceededException">The tenant has no room for so much.</exception>
    public Task<MeterRoom> ReserveAsync(UsageAmount amount) => meters.ReserveAsync(activation.Key.Tenant, amount, activation.Policy.Quotas);

    /// <summary>Takes room for a turn. One that only removes, or makes smaller, needs none; nothing awaits here.</summary>
    public bool TryReserve(ConversationState before, PreparedTurn prepared, DecidedTurn decided, out MeterRoom room)
    {
        UsageAmount growth = TurnGrowth.Of(before, decided);
        room = new MeterRoom(Meter, growth);
        bool frees = before.Head is not null && prepared.Messages.IsEmpty && decided.After.EntryBytes <= before.EntryBytes;
        return Meter.TryReserve(growth, frees ? TenantQuotas.None : activation.Policy.Quotas);
    }

    /// <summary>Takes room for a fork. One that is there already needs none.</summary>
    public async Task<MeterRoom> ReserveForkAsync(
        ConversationKey target,
        ConversationState source,
        DateTimeOffset now,
        CancellationToken cancellationToken
    )
    {
        var amount = new UsageAmount(Conversations: 1, Messages: source.LastSequence - source.FirstSequence + 1, Bytes: source.EntryBytes);
        if (Meter.TryReserve(amount, activation.Policy.Quotas))
        {
            return new MeterRoom(Meter, amount);
        }

        StoredConversation there = await activation.Store.LoadAsync(target, new TailBounds(1, 1), cancellationToken);
        if (there.Head is { } head && !(head.ExpiresAt <= now))
        {
            Meter.TryReserve(amount, TenantQuotas.None);
            return new MeterRoom(Meter, amount);
        }

        return await ReserveAsync(amount);
    }

    /// <summary>
    /// Has the store do something that adds to what the tenant uses, if there is room. The statement that does it notes it.
    /// </summary>
    public async Task<T> AddAsync<T>(UsageAmount amount, Func<Task<T>> store)
    {
        MeterRoom room = await ReserveAsync(amount);
        MeterResult result = MeterResult.Nothing;
        try
        {
            T stored = await store();
            result = MeterResult.Other;
            return stored;
        }
        finally
        {
            room.Settle(result);
        }
    }
}
