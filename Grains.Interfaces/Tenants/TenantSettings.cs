using System.Collections.Immutable;
using OrleansMemory.Conversations;

namespace OrleansMemory.Tenants;

/// <summary>What a tenant has set for itself. A tenant that has set nothing has what the silos are configured with.</summary>
/// <remarks>They are kept until they are set again. They hold hashes of keys, never keys, and nothing of conversations.</remarks>
[GenerateSerializer, Immutable, Alias("OrleansMemory.TenantSettings")]
public sealed record TenantSettings
{
    /// <summary>Nothing set.</summary>
    public static TenantSettings Empty { get; } = new();

    /// <summary>How long a new conversation lives whose first turn does not say so: one microsecond to 36,500 days.</summary>
    /// <value>Default: <see langword="null"/>, what the silos are configured with for this tenant.</value>
    [Id(0)]
    public TimeToLive? DefaultTimeToLive { get; init; }

    /// <summary>
    /// Whether such a conversation lives without end, whatever the silos are configured with. Not together with
    /// <see cref="DefaultTimeToLive"/>.
    /// </summary>
    /// <value>Default: false.</value>
    [Id(1)]
    public bool LivesForever { get; init; }

    /// <summary>Limits of turns and entries.</summary>
    /// <value>Default: <see cref="TenantLimits.None"/>.</value>
    [Id(2)]
    public TenantLimits Limits { get; init; } = TenantLimits.None;

    /// <summary>
    /// SHA-256 hashes of the API keys that open this tenant over HTTP, besides those that the silos are configured with: up to 100, each 64
    /// lower-case hexadecimal digits. Such a key is written <c>{tenant}~{secret}</c>, and all of it is hashed.
    /// </summary>
    /// <value>Default: none.</value>
    [Id(3)]
    public ImmutableArray<string> ApiKeyHashes { get; init; } = [];

    /// <summary>
    /// Whether every conversation of this tenant must name its user (<see cref="ConversationSettings.UserId"/>), so that none is left when
    /// a user is erased: a turn or import that would begin one without is refused, and so is clearing the user. Silos that are configured
    /// so require it in any case.
    /// </summary>
    /// <value>Default: false.</value>
    [Id(4)]
    public bool RequiresUser { get; init; }

    /// <summary>
    /// API keys that open this tenant over HTTP, with what each of them opens, besides those of <see cref="ApiKeyHashes"/>, which are
    /// writers' keys: up to 100 of both together, each hash once.
    /// </summary>
    /// <value>Default: none.</value>
    [Id(5)]
    public ImmutableArray<TenantApiKey> ApiKeys { get; init; } = [];

    /// <summary>
    /// What the tenant may use at most. <see cref="ITenantGrain.SetAsync"/> leaves it as it is, whatever is given; only
    /// <see cref="ITenantGrain.SetQuotasAsync"/> sets it.
    /// </summary>
    /// <value>Default: <see cref="TenantQuotas.None"/>.</value>
    [Id(6)]
    public TenantQuotas Quotas { get; init; } = TenantQuotas.None;
}

/// <summary>Limits of a tenant. Where the silos are configured with a lower one, that one holds.</summary>
[GenerateSerializer, Immutable, Alias("OrleansMemory.TenantLimits")]
public sealed record TenantLimits
{
    /// <summary>No limit but those of the silos.</summary>
    public static TenantLimits None { get; } = new();

    /// <summary>The most bytes of one message's contents and metadata together, in UTF-8: 1 KiB to 64 MiB.</summary>
    /// <value>Default: <see langword="null"/>, the silos' limit.</value>
    [Id(0)]
    public int? MaxMessageBytes { get; init; }

    /// <summary>The most messages in one turn, 1 to 100,000.</summary>
    /// <value>Default: <see langword="null"/>, the silos' limit.</value>
    [Id(1)]
    public int? MaxTurnMessages { get; init; }

    /// <summary>The most bytes of one turn's messages and entries together, in UTF-8: 1 KiB to 256 MiB.</summary>
    /// <value>Default: <see langword="null"/>, the silos' limit.</value>
    [Id(2)]
    public int? MaxTurnBytes { get; init; }

    /// <summary>The most bytes of one entry's value, in UTF-8: 1 KiB to 64 MiB.</summary>
    /// <value>Default: <see langword="null"/>, the silos' limit.</value>
    [Id(3)]
    public int? MaxEntryBytes { get; init; }

    /// <summary>The most entries of a conversation, 1 to 100,000.</summary>
    /// <value>Default: <see langword="null"/>, the silos' limit.</value>
    [Id(4)]
    public int? MaxEntries { get; init; }

    /// <summary>The most bytes of all entries of a conversation, in UTF-8: 1 KiB to 256 MiB.</summary>
    /// <value>Default: <see langword="null"/>, the silos' limit.</value>
    [Id(5)]
    public int? MaxEntriesBytes { get; init; }
}
