namespace OrleansMemory.Silo.Access;

/// <summary>What the holder of a key may do. Each role may do what the ones before it may.</summary>
internal enum AccessRole
{
    /// <summary>Reads what a tenant has: conversations, memories, searches, feeds, exports.</summary>
    Reader,

    /// <summary>Changes it: turns, settings of conversations, memories, deletions, erasure of users.</summary>
    Writer,

    /// <summary>Reads and sets what the tenant has set for itself, its keys included.</summary>
    TenantAdministrator,

    /// <summary>Works for every tenant, and sets what tenants may not set for themselves.</summary>
    Operator,
}
