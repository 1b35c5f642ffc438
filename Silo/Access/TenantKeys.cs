using System.Security.Cryptography;
using System.Text;
using OrleansMemory.Conversations;
using OrleansMemory.Errors;
using OrleansMemory.Grains.Hosting;
using OrleansMemory.Tenants;

namespace OrleansMemory.Silo.Access;

/// <summary>
/// The API keys that tenants have set for themselves. Such a key is written <c>{tenant}~{secret}</c>: it names the tenant among whose hashes its own is looked for, so
/// that no tenant's setting can open another one.
/// </summary>
/// <param name="tenants">The settings, as this silo knows them.</param>
internal sealed class TenantKeys(ITenantDirectory tenants)
{
    private const char Separator = '~';

    /// <summary>Finds the tenant of a key.</summary>
    /// <param name="key">The key.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>The tenant; <see langword="null"/> for an unknown key.</returns>
    /// <exception cref="MemoryUnavailableException">Nothing is known of the tenant, and its settings cannot be read.</exception>
    public async ValueTask<string?> FindTenantAsync(string key, CancellationToken cancellationToken)
    {
        int separator = key.IndexOf(Separator, StringComparison.Ordinal);
        if (separator < 0 || key.Length - separator - 1 < ApiKeyRing.MinKeyLength || !IsTenant(key[..separator]))
        {
            return null;
        }

        TenantSettings settings = await tenants.GetAsync(key[..separator], cancellationToken);
        byte[] hash = Encoding.ASCII.GetBytes(Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(key))));
        bool known = false;
        foreach (string candidate in settings.ApiKeyHashes)
        {
            known |= CryptographicOperations.FixedTimeEquals(Encoding.ASCII.GetBytes(candidate), hash);
        }

        return known ? key[..separator] : null;
    }

    private static bool IsTenant(string text)
    {
        try
        {
            ConversationKey.CheckTenant(text);
            return true;
        }
        catch (InvalidRequestException)
        {
            return false;
        }
    }
}
