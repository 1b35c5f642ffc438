namespace OrleansMemory.Mcp;

/// <summary>
/// For whom tools, resources and prompts work: the tenant, the user and what they may do. Whoever serves MCP says it; nothing of it comes
/// from the client's messages.
/// </summary>
public sealed record McpCaller
{
    /// <summary>The tenant whose conversations and memories there are.</summary>
    /// <value>Default: <see langword="null"/>, the client's default tenant.</value>
    public string? Tenant { get; init; }

    /// <summary>
    /// The only user whose conversations and memories there are: what belongs to another one, or to no user, is not found.
    /// </summary>
    /// <value>Default: <see langword="null"/>, everybody's; each call names the user, agent or session that it is about.</value>
    public string? UserId { get; init; }

    /// <summary>
    /// Whether memories may be saved, changed and forgotten, and conversations deleted. Tools that do so are not listed otherwise, and
    /// refuse.
    /// </summary>
    /// <value>Default: <see langword="true"/>.</value>
    public bool MayWrite { get; init; } = true;

    /// <summary>
    /// What the audit trail writes down as the one who deletes; see <see cref="Auditing.AuditActor"/>. No key, and no name of a person.
    /// </summary>
    /// <value>Default: <see langword="null"/>, what the caller's flow has stated.</value>
    public string? Actor { get; init; }
}
