using System.Security.Claims;

namespace OrleansMemory.Silo.Access;

/// <summary>What a key that is known gives its holder. The key itself is not kept.</summary>
/// <param name="caller">Whom it lets in.</param>
/// <param name="expiresAt">From when on it opens nothing; <see langword="null"/> for never.</param>
internal sealed class ApiKey(Caller caller, DateTimeOffset? expiresAt)
{
    /// <summary>The fewest characters of a key, or of the secret behind a tenant's name.</summary>
    public const int MinLength = 16;

    /// <summary>The most characters of a key: what is longer is not looked for.</summary>
    public const int MaxLength = 512;

    /// <summary>Whom it lets in.</summary>
    public Caller Caller => caller;

    /// <summary>The principal of <see cref="Caller"/>, made once.</summary>
    public ClaimsPrincipal Principal { get; } = caller.ToPrincipal();

    /// <summary>Whether it opens nothing any more.</summary>
    /// <param name="now">The instant.</param>
    public bool HasExpired(DateTimeOffset now) => expiresAt <= now;
}
