using OrleansMemory.Tenants;
using OrleansMemory.Usage;

namespace OrleansMemory.Silo.Api.Documents;

/// <summary>What a tenant may use at most; null for no quota.</summary>
/// <param name="MaxConversations">The most conversations.</param>
/// <param name="MaxBytes">The most bytes of messages, entries and long-term memories together.</param>
/// <param name="MaxMemories">The most long-term memories.</param>
internal sealed record QuotasDocument(long? MaxConversations, long? MaxBytes, long? MaxMemories)
{
    /// <summary>The document of quotas.</summary>
    /// <param name="quotas">The quotas.</param>
    /// <returns>The document.</returns>
    public static QuotasDocument Of(TenantQuotas quotas) => new(quotas.MaxConversations, quotas.MaxBytes, quotas.MaxMemories);
}

/// <summary>What a tenant uses.</summary>
/// <param name="Tenant">The tenant.</param>
/// <param name="Conversations">Conversations that are there, expired ones that are not removed yet included.</param>
/// <param name="Messages">Messages that they show; a fork's include those that it shares.</param>
/// <param name="Bytes">Bytes of messages and entries that are stored, in UTF-8; truncated and expired ones until they are removed.</param>
/// <param name="Memories">Long-term memories.</param>
/// <param name="MemoryBytes">Bytes of their texts, captions and metadata, in UTF-8.</param>
/// <param name="Quotas">What it may use at most; left out in lists.</param>
internal sealed record TenantUsageDocument(
    string Tenant,
    long Conversations,
    long Messages,
    long Bytes,
    long Memories,
    long MemoryBytes,
    QuotasDocument? Quotas
)
{
    /// <summary>The document of usage.</summary>
    /// <param name="usage">The usage.</param>
    /// <param name="quotas">The quotas, if they are known.</param>
    /// <returns>The document.</returns>
    public static TenantUsageDocument Of(TenantUsage usage, TenantQuotas? quotas = null) =>
        new(
            usage.Tenant,
            usage.Conversations,
            usage.Messages,
            usage.Bytes,
            usage.Memories,
            usage.MemoryBytes,
            quotas is null ? null : QuotasDocument.Of(quotas)
        );
}

/// <summary>A page of tenants, by name.</summary>
/// <param name="Tenants">The tenants.</param>
/// <param name="Next">The cursor of the next page; null after the last one.</param>
internal sealed record TenantListDocument(IReadOnlyList<TenantUsageDocument> Tenants, string? Next);

/// <summary>Conversations by what they use.</summary>
/// <param name="Conversations">The conversations.</param>
internal sealed record ConversationUsageListDocument(IReadOnlyList<ConversationUsage> Conversations);

/// <summary>Users by what they use.</summary>
/// <param name="Users">The users.</param>
internal sealed record UserUsageListDocument(IReadOnlyList<UserUsage> Users);

/// <summary>What was committed on each day; days without a turn are left out.</summary>
/// <param name="Days">The days, ascending.</param>
internal sealed record DayUsageListDocument(IReadOnlyList<DayUsage> Days);
