namespace OrleansMemory.Silo.Access;

/// <summary>Who asks: what a key gives its holder. A feature of every request that was let in.</summary>
/// <param name="Tenant">The tenant that the request is about; <see langword="null"/> for an operator who has named none.</param>
/// <param name="Role">What the caller may do.</param>
/// <param name="User">The only user whose data the caller may see; <see langword="null"/> for all users.</param>
/// <param name="KeyName">The name of the key; <see langword="null"/> where it has none.</param>
internal sealed record Caller(string? Tenant, AccessRole Role, string? User = null, string? KeyName = null)
{
    /// <summary>The tenant of callers on this machine where no keys are configured.</summary>
    public const string LocalTenant = "default";

    /// <summary>A caller on this machine where no keys are configured: whoever has the machine may do everything.</summary>
    public static Caller Local { get; } = new(LocalTenant, AccessRole.Operator);
}
