namespace OrleansMemory.Tenants;

/// <summary>
/// What a tenant may use at most. Only an operator sets it. Beyond it nothing new is taken (<see cref="Errors.QuotaExceededException"/>);
/// what is there may always be read, truncated, deleted and erased, and what that frees may be used again.
/// </summary>
[GenerateSerializer, Immutable, Alias("OrleansMemory.TenantQuotas")]
public sealed record TenantQuotas
{
    /// <summary>No quota.</summary>
    public static TenantQuotas None { get; } = new();

    /// <summary>The most conversations, 0 to 1,000,000,000,000.</summary>
    /// <value>Default: <see langword="null"/>, as many as there is room for.</value>
    [Id(0)]
    public long? MaxConversations { get; init; }

    /// <summary>The most bytes of messages, entries and long-term memories together, in UTF-8, 0 to 1,000,000,000,000,000.</summary>
    /// <value>Default: <see langword="null"/>, as many as there is room for.</value>
    [Id(1)]
    public long? MaxBytes { get; init; }

    /// <summary>The most long-term memories, 0 to 1,000,000,000,000.</summary>
    /// <value>Default: <see langword="null"/>, as many as there is room for.</value>
    [Id(2)]
    public long? MaxMemories { get; init; }
}
