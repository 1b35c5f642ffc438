using OrleansMemory.Tenants;

namespace OrleansMemory.Silo.Api.Documents;

/// <summary>What a tenant has set for itself.</summary>
internal sealed record TenantDocument
{
    /// <summary>How long a new conversation lives whose first turn does not say so; null for what the silos are configured with.</summary>
    public TimeToLiveDocument? DefaultTtl { get; init; }

    /// <summary>Whether such a conversation never expires, whatever the silos are configured with. Not together with defaultTtl.</summary>
    public bool LivesForever { get; init; }

    /// <summary>Limits. Where the silos are configured with a lower one, that one holds.</summary>
    public TenantLimitsDocument? Limits { get; init; }

    /// <summary>
    /// SHA-256 hashes, 64 lower-case hexadecimal digits each, of further API keys of writers. Such a key is written {tenant}~{secret}, and
    /// all of it is hashed.
    /// </summary>
    public IReadOnlyList<string>? ApiKeyHashes { get; init; }

    /// <summary>Further API keys with what each of them opens. At most 100 with those of apiKeyHashes.</summary>
    public IReadOnlyList<TenantKeyDocument>? ApiKeys { get; init; }

    /// <summary>
    /// Whether every conversation must name its user, so that none is left when a user is erased: a turn or import that would begin one
    /// without is refused, and so is clearing the user.
    /// </summary>
    public bool RequiresUser { get; init; }

    /// <summary>The document of settings.</summary>
    /// <param name="settings">The settings.</param>
    /// <returns>The document.</returns>
    public static TenantDocument Of(TenantSettings settings) =>
        new()
        {
            DefaultTtl = settings.DefaultTimeToLive is { } ttl
                ? new TimeToLiveDocument((decimal)ttl.Duration.Ticks / TimeSpan.TicksPerSecond, ttl.Sliding)
                : null,
            LivesForever = settings.LivesForever,
            Limits = TenantLimitsDocument.Of(settings.Limits),
            ApiKeyHashes = settings.ApiKeyHashes,
            ApiKeys =
            [
                .. settings.ApiKeys.Select(static key => new TenantKeyDocument(
                    key.Hash,
                    key.Role.ToString(),
                    key.UserId,
                    key.ExpiresAt,
                    key.Name
                )),
            ],
            RequiresUser = settings.RequiresUser,
        };
}

/// <summary>An API key of a tenant, written {tenant}~{secret}.</summary>
/// <param name="Hash">The SHA-256 hash of all of it, 64 lower-case hexadecimal digits.</param>
/// <param name="Role">Reader, Writer or TenantAdministrator. Left out Writer.</param>
/// <param name="UserId">The only user whose data it opens, for a Reader or a Writer; null for all users.</param>
/// <param name="ExpiresAt">From when on it opens nothing; null for never.</param>
/// <param name="Name">A name by which people tell it from others, 1 to 64 characters; no secret.</param>
internal sealed record TenantKeyDocument(string Hash, string? Role, string? UserId, DateTimeOffset? ExpiresAt, string? Name);

/// <summary>Limits of a tenant; null for the silos' own.</summary>
/// <param name="MaxMessageBytes">The most bytes of one message, 1,024 to 67,108,864.</param>
/// <param name="MaxTurnMessages">The most messages in one turn, 1 to 100,000.</param>
/// <param name="MaxTurnBytes">The most bytes of one turn, 1,024 to 268,435,456.</param>
/// <param name="MaxEntryBytes">The most bytes of one entry's value, 1,024 to 67,108,864.</param>
/// <param name="MaxEntries">The most entries of a conversation, 1 to 100,000.</param>
/// <param name="MaxEntriesBytes">The most bytes of all entries of a conversation, 1,024 to 268,435,456.</param>
internal sealed record TenantLimitsDocument(
    int? MaxMessageBytes = null,
    int? MaxTurnMessages = null,
    int? MaxTurnBytes = null,
    int? MaxEntryBytes = null,
    int? MaxEntries = null,
    int? MaxEntriesBytes = null
)
{
    /// <summary>The document of limits.</summary>
    /// <param name="limits">The limits.</param>
    /// <returns>The document.</returns>
    public static TenantLimitsDocument Of(TenantLimits limits) =>
        new(
            limits.MaxMessageBytes,
            limits.MaxTurnMessages,
            limits.MaxTurnBytes,
            limits.MaxEntryBytes,
            limits.MaxEntries,
            limits.MaxEntriesBytes
        );
}
