using OrleansMemory.Tenants;

namespace OrleansMemory.Silo.Api.Documents;

/// <summary>What a tenant has set for itself.</summary>
internal sealed record TenantDocument
{
    /// <summary>How long a new conversation lives whose first turn does not say so; null for what the silos are configured with.</summary>
    public TimeToLiveDocument? DefaultTtl { get; init; }

    /// <summary>Whether such a conversation lives for ever, whatever the silos are configured with. Not together with defaultTtl.</summary>
    public bool LivesForever { get; init; }

    /// <summary>Limits. Where the silos are configured with a lower one, that one holds.</summary>
    public TenantLimitsDocument? Limits { get; init; }

    /// <summary>SHA-256 hashes, 64 lower-case hexadecimal digits each, of further API keys. Such a key is written {tenant}~{secret}, and all of it is hashed.</summary>
    public IReadOnlyList<string>? ApiKeyHashes { get; init; }

    /// <summary>
    /// Whether every conversation must name its user, so that none is left when a user is erased: a turn or import that would begin one without is refused, and so is
    /// clearing the user.
    /// </summary>
    public bool RequiresUser { get; init; }

    /// <summary>The document of settings.</summary>
    /// <param name="settings">The settings.</param>
    /// <returns>The document.</returns>
    public static TenantDocument Of(TenantSettings settings) => new()
    {
        DefaultTtl = settings.DefaultTimeToLive is { } ttl
            ? new TimeToLiveDocument((decimal)ttl.Duration.Ticks / TimeSpan.TicksPerSecond, ttl.Sliding)
            : null,
        LivesForever = settings.LivesForever,
        Limits = TenantLimitsDocument.Of(settings.Limits),
        ApiKeyHashes = settings.ApiKeyHashes,
        RequiresUser = settings.RequiresUser,
    };
}

/// <summary>Limits of a tenant; null for the silos' own.</summary>
/// <param name="MaxMessageBytes">The most bytes of one message, 1,024 to 67,108,864.</param>
/// <param name="MaxTurnMessages">The most messages in one turn, 1 to 100,000.</param>
/// <param name="MaxTurnBytes">The most bytes of one turn, 1,024 to 268,435,456.</param>
/// <param name="MaxEntryBytes">The most bytes of one entry's value, 1,024 to 67,108,864.</param>
/// <param name="MaxEntries">The most entries of a conversation, 1 to 100,000.</param>
/// <param name="MaxEntriesBytes">The most bytes of all entries of a conversation, 1,024 to 268,435,456.</param>
internal sealed record TenantLimitsDocument(
    int? MaxMessageBytes, int? MaxTurnMessages, int? MaxTurnBytes, int? MaxEntryBytes, int? MaxEntries, int? MaxEntriesBytes)
{
    /// <summary>The document of limits.</summary>
    /// <param name="limits">The limits.</param>
    /// <returns>The document.</returns>
    public static TenantLimitsDocument Of(TenantLimits limits) => new(
        limits.MaxMessageBytes, limits.MaxTurnMessages, limits.MaxTurnBytes, limits.MaxEntryBytes, limits.MaxEntries, limits.MaxEntriesBytes);
}
