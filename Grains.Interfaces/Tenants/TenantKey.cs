using OrleansMemory.Conversations;
using OrleansMemory.Errors;

namespace OrleansMemory.Tenants;

/// <summary>A tenant as the key of grains that belong to it. Its text form is <c>tenant/{tenant}</c>.</summary>
/// <remarks>
/// A bare tenant would not do: ADO.NET grain storage reads a key such as <c>12</c> or <c>0012</c> as the same hexadecimal number, so two
/// tenants would share one state. <c>default</c> is not a valid key.
/// </remarks>
[GenerateSerializer, Immutable, Alias("OrleansMemory.TenantKey")]
public readonly record struct TenantKey
{
    private const string Prefix = "tenant/";

    private TenantKey(string tenant) => Tenant = tenant;

    /// <summary>The tenant.</summary>
    [Id(0)]
    public string Tenant { get; }

    /// <summary>Makes a key.</summary>
    /// <param name="tenant">The tenant; the rules are those of <see cref="ConversationKey"/>.</param>
    /// <returns>The validated key.</returns>
    /// <exception cref="InvalidRequestException">It is not a tenant.</exception>
    public static TenantKey Create(string tenant)
    {
        ConversationKey.CheckTenant(tenant);
        return new TenantKey(tenant);
    }

    /// <summary>Reads the text form.</summary>
    /// <param name="text">The text form.</param>
    /// <returns>The validated key.</returns>
    /// <exception cref="InvalidRequestException">The text is not a valid key.</exception>
    public static TenantKey Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return text.StartsWith(Prefix, StringComparison.Ordinal)
            ? Create(text[Prefix.Length..])
            : throw new InvalidRequestException("key", "A tenant's key has the form 'tenant/{tenant}'.");
    }

    /// <summary>The text form <c>tenant/{tenant}</c>.</summary>
    /// <returns>The text form.</returns>
    public override string ToString() => Prefix + Tenant;
}
