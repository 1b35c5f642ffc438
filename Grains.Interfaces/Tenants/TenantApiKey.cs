namespace OrleansMemory.Tenants;

/// <summary>An API key of a tenant: what it opens, for whom and until when. Of the key itself only a hash is kept.</summary>
[GenerateSerializer, Immutable, Alias("OrleansMemory.TenantApiKey")]
public sealed record TenantApiKey
{
    /// <summary>The SHA-256 hash of the key, <c>{tenant}~{secret}</c>: 64 lower-case hexadecimal digits.</summary>
    [Id(0)]
    public required string Hash { get; init; }

    /// <summary>What its holder may do.</summary>
    /// <value>Default: <see cref="ApiKeyRole.Writer"/>.</value>
    [Id(1)]
    public ApiKeyRole Role { get; init; } = ApiKeyRole.Writer;

    /// <summary>The only user whose data it opens, 1 to 256 bytes of UTF-8; not for <see cref="ApiKeyRole.TenantAdministrator"/>.</summary>
    /// <value>Default: <see langword="null"/>, everybody's.</value>
    [Id(2)]
    public string? UserId { get; init; }

    /// <summary>From when on it opens nothing (UTC).</summary>
    /// <value>Default: <see langword="null"/>, never.</value>
    [Id(3)]
    public DateTimeOffset? ExpiresAt { get; init; }

    /// <summary>A name by which people tell it from others, 1 to 64 characters. It is no secret.</summary>
    /// <value>Default: <see langword="null"/>, none.</value>
    [Id(4)]
    public string? Name { get; init; }
}
