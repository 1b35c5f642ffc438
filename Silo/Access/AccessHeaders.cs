namespace OrleansMemory.Silo.Access;

/// <summary>Headers that say for whom a request is.</summary>
internal static class AccessHeaders
{
    /// <summary>The tenant that an operator acts on. No one else may send it.</summary>
    public const string Tenant = "OrleansMemory-Tenant";
}
