using System.Collections.Immutable;
using System.Security.Claims;

namespace OrleansMemory.Silo.Access;

/// <summary>The claims of a caller.</summary>
internal static class AccessClaims
{
    /// <summary>The tenant of the key; an operator's key may have none.</summary>
    public const string Tenant = "tenant";

    /// <summary>The name of the <see cref="AccessRole"/>.</summary>
    public const string Role = "role";

    /// <summary>The only user whose data the key opens; absent where it opens everybody's.</summary>
    public const string User = "user";

    /// <summary>The key's name, which is no secret; absent where it has none.</summary>
    public const string Key = "key";

    private static readonly ImmutableArray<AccessRole> Roles = [.. Enum.GetValues<AccessRole>()];

    /// <summary>Makes the principal of a caller.</summary>
    public static ClaimsPrincipal ToPrincipal(this Caller caller)
    {
        List<Claim> claims = [new(Role, caller.Role.ToString())];
        Add(claims, Tenant, caller.Tenant);
        Add(claims, User, caller.User);
        Add(claims, Key, caller.KeyName);
        return new ClaimsPrincipal(new ClaimsIdentity(claims, ApiKeyHandler.SchemeName, Key, Role));
    }

    /// <summary>Finds the caller that a principal was made of.</summary>
    /// <param name="principal">The principal of a request.</param>
    /// <returns>The caller; <see langword="null"/> for anybody whom a key did not let in.</returns>
    public static Caller? Find(ClaimsPrincipal principal) =>
        principal.FindFirst(Role)?.Value is { } role
            ? new Caller(
                principal.FindFirst(Tenant)?.Value,
                Enum.Parse<AccessRole>(role),
                principal.FindFirst(User)?.Value,
                principal.FindFirst(Key)?.Value
            )
            : null;

    /// <summary>The roles that may do what a role may.</summary>
    /// <returns>Their names.</returns>
    public static IEnumerable<string> AtLeast(AccessRole least) =>
        Roles.Where(role => role >= least).Select(static role => role.ToString());

    private static void Add(List<Claim> claims, string type, string? value)
    {
        if (value is not null)
        {
            claims.Add(new Claim(type, value));
        }
    }
}
