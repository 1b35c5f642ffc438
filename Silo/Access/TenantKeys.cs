using System.Runtime.CompilerServices;
using Microsoft.Extensions.Options;
using OrleansMemory.Errors;
using OrleansMemory.Grains.Hosting;
using OrleansMemory.Tenants;

namespace OrleansMemory.Silo.Access;

/// <summary>
/// The API keys that tenants have set for themselves. Such a key is written <c>{tenant}~{secret}</c>: it names the tenant among whose
/// hashes its own is looked for, so that no tenant's setting can open another one.
/// </summary>
/// <param name="directory">The keys, as this silo knows them.</param>
/// <param name="options">Whether they open anything.</param>
internal sealed class TenantKeys(ITenantKeyDirectory directory, IOptions<AccessOptions> options)
{
    private const char Separator = '~';

    // Made once for each key that was used, and gone with it.
    private readonly ConditionalWeakTable<TenantApiKey, ApiKey> _made = [];

    /// <summary>Finds a key.</summary>
    /// <returns>What it opens; <see langword="null"/> when it is unknown.</returns>
    /// <exception cref="MemoryUnavailableException">The keys of tenants have not been read yet.</exception>
    public ApiKey? Find(string key, KeyHash hash)
    {
        int separator = key.IndexOf(Separator, StringComparison.Ordinal);
        if (options.Value.ConfiguredKeysOnly || separator <= 0 || key.Length - separator - 1 < ApiKey.MinLength)
        {
            return null;
        }

        string tenant = key[..separator];
        foreach (TenantApiKey candidate in directory.Find(tenant))
        {
            if (KeyHash.TryParse(candidate.Hash, out KeyHash known) && known == hash)
            {
                return _made.GetValue(
                    candidate,
                    found => new ApiKey(new Caller(tenant, RoleOf(found.Role), found.UserId, found.Name), found.ExpiresAt)
                );
            }
        }

        return null;
    }

    // Whatever a state says, no tenant makes operators.
    private static AccessRole RoleOf(ApiKeyRole role) =>
        role switch
        {
            ApiKeyRole.TenantAdministrator => AccessRole.TenantAdministrator,
            ApiKeyRole.Writer => AccessRole.Writer,
            _ => AccessRole.Reader,
        };
}
