namespace OrleansMemory.Auditing;

/// <summary>Which rows of the audit trail to list, newest first.</summary>
public sealed record AuditQuery
{
    /// <summary>Whose rows; <see langword="null"/> for those of all tenants.</summary>
    public string? Tenant { get; init; }

    /// <summary>The user whom they are about, by the id that was hashed; only together with a tenant.</summary>
    /// <value>Default: <see langword="null"/>, whomever.</value>
    public string? UserId { get; init; }

    /// <summary>
    /// The conversation that they are about, by the id that was hashed; only together with a tenant, and not with a user.
    /// </summary>
    /// <value>Default: <see langword="null"/>, whichever.</value>
    public string? ConversationId { get; init; }

    /// <summary>The number of the row before which to go on; <see langword="null"/> for the newest.</summary>
    public long? Before { get; init; }

    /// <summary>The most rows, 1 to 1,000.</summary>
    /// <value>Default: 100.</value>
    public int Limit { get; init; } = 100;
}
