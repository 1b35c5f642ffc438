using OrleansMemory.Conversations;
using OrleansMemory.Grains.Storage;
using OrleansMemory.Grains.Usage;
using OrleansMemory.Tenants;

namespace OrleansMemory.Grains.Conversations;

// Quotas of the tenant, whose policy is asked for before a gate is entered.
internal sealed partial class ConversationGrain
{
    private TenantMeter Meter => field ??= _meters.Of(_key.Tenant);

    /// <summary>Takes room for a turn. One that only removes, or makes smaller, needs none; nothing awaits here.</summary>
    private bool TryReserve(ConversationState before, PreparedTurn prepared, DecidedTurn decided, out MeterRoom room)
    {
        UsageAmount growth = TurnGrowth.Of(before, decided);
        room = new MeterRoom(Meter, growth);
        bool frees = before.Head is not null && prepared.Messages.IsEmpty && decided.After.EntryBytes <= before.EntryBytes;
        return Meter.TryReserve(growth, frees ? TenantQuotas.None : Policy.Quotas);
    }

    /// <summary>There is no room by what this silo knows. A turn that was committed before has its receipt all the same.</summary>
    private async Task<TurnReceipt?> ResolveFullAsync(
        LoadedConversation loaded, PreparedTurn prepared, UsageAmount growth, CancellationToken cancellationToken)
    {
        if (loaded.Tip.Head is not null
            && await _store.FindTurnAsync(loaded.Tip.StoreId, prepared.Turn.TurnId, cancellationToken) is { } journalled)
        {
            return Replay(prepared, journalled);
        }

        // Taken and given back: the turn is decided again, and takes its own.
        MeterRoom room = await _meters.ReserveAsync(_key.Tenant, growth, Policy.Quotas);
        room.Settle(MeterResult.Nothing);
        return null;
    }

    /// <summary>Takes room for a fork. One that is there already needs none.</summary>
    private async Task<MeterRoom> ReserveForkAsync(ConversationKey target, ConversationState source, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var amount = new UsageAmount(Conversations: 1, Messages: source.LastSequence - source.FirstSequence + 1, Bytes: source.EntryBytes);
        if (Meter.TryReserve(amount, Policy.Quotas))
        {
            return new MeterRoom(Meter, amount);
        }

        StoredConversation there = await _store.LoadAsync(target, new TailBounds(1, 1), cancellationToken);
        if (there.Head is { } head && !(head.ExpiresAt <= now))
        {
            Meter.TryReserve(amount, TenantQuotas.None);
            return new MeterRoom(Meter, amount);
        }

        return await _meters.ReserveAsync(_key.Tenant, amount, Policy.Quotas);
    }

    /// <summary>Has the store do something that adds to what the tenant uses, if there is room. The statement that does it notes it.</summary>
    private async Task<T> AddAsync<T>(UsageAmount amount, Func<Task<T>> store)
    {
        MeterRoom room = await _meters.ReserveAsync(_key.Tenant, amount, Policy.Quotas);
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
