using OrleansMemory.Errors;
using OrleansMemory.Grains.Storage;
using OrleansMemory.Tenants;
using OrleansMemory.Usage;

namespace OrleansMemory.Grains.Usage;

/// <summary>
/// What this silo knows of a tenant's usage: what the store had when it was asked last, and what this silo has added since. What other
/// silos have added since is not in it, and is all by which a quota can be overrun.
/// </summary>
internal sealed class TenantMeter(string tenant)
{
    private readonly Lock _lock = new();
    private UsageAmount _stored;
    private UsageAmount _reserved;

    // Committed, and not with the store yet: turns wait to be noted; the rest was noted by the statement that stored it, and counts here
    // until the store is asked again.
    private UsageAmount _turns;
    private UsageAmount _others;
    private UsageAmount _turnsOnTheirWay;
    private UsageAmount _othersOnTheirWay;
    private bool _isWatched;
    private bool _isTouched;

    /// <summary>Whether the store has been asked.</summary>
    public bool IsKnown { get; private set; }

    /// <summary>Takes room for something that is about to be written.</summary>
    /// <param name="amount">How much.</param>
    /// <param name="quotas">The tenant's quotas.</param>
    /// <returns>Whether there is room; otherwise nothing was taken.</returns>
    public bool TryReserve(UsageAmount amount, TenantQuotas quotas)
    {
        lock (_lock)
        {
            bool isBounded = quotas != TenantQuotas.None;
            _isWatched |= isBounded;
            _isTouched |= isBounded;
            if (isBounded && (!IsKnown || Exceeded(amount, quotas) is not null))
            {
                return false;
            }

            _reserved += amount;
            return true;
        }
    }

    /// <summary>What a quota says against an amount.</summary>
    /// <param name="amount">How much more.</param>
    /// <param name="quotas">The tenant's quotas.</param>
    /// <returns>The error; <see langword="null"/> where there is room.</returns>
    public QuotaExceededException? Check(UsageAmount amount, TenantQuotas quotas)
    {
        lock (_lock)
        {
            return Exceeded(amount, quotas);
        }
    }

    /// <summary>Gives room back that was taken.</summary>
    /// <param name="amount">How much.</param>
    /// <param name="result">What became of it.</param>
    public void Settle(UsageAmount amount, MeterResult result)
    {
        lock (_lock)
        {
            _reserved -= amount;
            if (result == MeterResult.Turn)
            {
                _turns += amount;
            }
            else if (result == MeterResult.Other && _isWatched)
            {
                _others += amount;
            }
        }
    }

    /// <summary>Takes what is to be noted. One note is on its way at a time.</summary>
    /// <param name="growth">Receives what turns have added.</param>
    /// <returns>Whether the store is to be asked for the tenant's usage.</returns>
    public bool BeginNote(out UsageGrowth growth)
    {
        lock (_lock)
        {
            if (!_isTouched)
            {
                // No one has asked for room since the last note: whoever does next has the store asked first.
                _isWatched = false;
                IsKnown = false;
            }

            _isTouched = false;
            (_turnsOnTheirWay, _turns) = (_turns, default);
            (_othersOnTheirWay, _others) = (_others, default);
            growth = new UsageGrowth(tenant, _turnsOnTheirWay);
            return _isWatched;
        }
    }

    /// <summary>Ends a note.</summary>
    /// <param name="usage">The usage after it; <see langword="null"/> where no one asked for it.</param>
    public void EndNote(TenantUsage? usage)
    {
        lock (_lock)
        {
            if (usage is not null)
            {
                _stored = new UsageAmount(usage.Conversations, usage.Messages, usage.Bytes, usage.Memories, usage.MemoryBytes);
                IsKnown = true;
            }

            (_turnsOnTheirWay, _othersOnTheirWay) = (default, default);
        }
    }

    /// <summary>
    /// Takes a note back that has failed. It may have been stored all the same: then it is noted twice, until the tenant is counted anew.
    /// </summary>
    public void FailNote()
    {
        lock (_lock)
        {
            _turns += _turnsOnTheirWay;
            _others += _othersOnTheirWay;
            (_turnsOnTheirWay, _othersOnTheirWay) = (default, default);
        }
    }

    private QuotaExceededException? Exceeded(UsageAmount amount, TenantQuotas quotas)
    {
        UsageAmount used = _stored + _reserved + _turns + _turnsOnTheirWay + _others + _othersOnTheirWay;
        return Exceeded("maxConversations", quotas.MaxConversations, used.Conversations, amount.Conversations)
            ?? Exceeded("maxMemories", quotas.MaxMemories, used.Memories, amount.Memories)
            ?? Exceeded("maxBytes", quotas.MaxBytes, used.Bytes + used.MemoryBytes, amount.Bytes + amount.MemoryBytes);
    }

    private static QuotaExceededException? Exceeded(string quota, long? limit, long used, long wanted) =>
        wanted > 0 && used + wanted > limit ? new QuotaExceededException(quota, limit.Value, used, wanted) : null;
}

/// <summary>What became of room that was taken.</summary>
internal enum MeterResult
{
    /// <summary>Nothing was written, or the outcome is not known.</summary>
    Nothing,

    /// <summary>A turn was committed: this silo notes it.</summary>
    Turn,

    /// <summary>Something else was stored, by a statement that notes it.</summary>
    Other,
}
