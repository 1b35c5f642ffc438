namespace OrleansMemory.Tenants;

/// <summary>What the holder of a tenant's key may do. Each role may do what the ones before it may.</summary>
[GenerateSerializer, Alias("OrleansMemory.ApiKeyRole")]
public enum ApiKeyRole
{
    /// <summary>Reads conversations and memories.</summary>
    Reader = 0,

    /// <summary>Changes them.</summary>
    Writer = 1,

    /// <summary>Reads and sets what the tenant has set for itself, its keys included.</summary>
    TenantAdministrator = 2,
}
