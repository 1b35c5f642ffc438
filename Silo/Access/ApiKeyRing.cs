using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;
using OrleansMemory.Conversations;
using OrleansMemory.Errors;
using OrleansMemory.Silo.Settings;

namespace OrleansMemory.Silo.Access;

/// <summary>The API keys and the tenant that each of them opens. Only their hashes are kept.</summary>
internal sealed class ApiKeyRing
{
    /// <summary>
    /// The section: a map of key to tenant, or a list of <c>{"key", "tenant"}</c>. In a map, configuration ignores case and gives
    /// <c>:</c> a meaning of its own; a list takes keys as they are.
    /// </summary>
    public const string Section = "OrleansMemory:ApiKeys";

    /// <summary>The fewest characters of a key. A list of bare keys would read as keys "0", "1", …: this refuses it.</summary>
    public const int MinKeyLength = 16;

    private readonly ImmutableArray<(byte[] Hash, string Tenant)> _keys;

    private ApiKeyRing(ImmutableArray<(byte[] Hash, string Tenant)> keys) => _keys = keys;

    /// <summary>Whether no keys are configured.</summary>
    public bool IsEmpty => _keys.IsEmpty;

    /// <summary>Reads the keys from configuration.</summary>
    /// <param name="section">The section <see cref="Section"/>.</param>
    /// <returns>The keys.</returns>
    /// <exception cref="SettingException">A key is too short or stands there twice, or a tenant is not valid.</exception>
    public static ApiKeyRing Read(IConfigurationSection section)
    {
        ArgumentNullException.ThrowIfNull(section);
        var keys = new List<(byte[] Hash, string Tenant)>();
        foreach (IConfigurationSection child in section.GetChildren())
        {
            (string? key, string? tenant) = child.GetChildren().Any() ? (child["Key"], child["Tenant"]) : (child.Key, child.Value);
            if (key is null || key.Length < MinKeyLength || key.Any(character => character is <= ' ' or > '~'))
            {
                throw Invalid($"every key has at least {MinKeyLength} printable ASCII characters without spaces");
            }

            byte[] hash = Hash(key);
            if (keys.Exists(other => other.Hash.AsSpan().SequenceEqual(hash)))
            {
                throw Invalid("every key stands there once");
            }

            keys.Add((hash, CheckTenant(tenant)));
        }

        return new ApiKeyRing([.. keys]);
    }

    /// <summary>Finds the tenant of a key, in a time that does not depend on which key it is.</summary>
    /// <param name="key">The key.</param>
    /// <returns>The tenant; <see langword="null"/> for an unknown key.</returns>
    public string? FindTenant(string key)
    {
        byte[] hash = Hash(key);
        string? tenant = null;
        foreach ((byte[] known, string owner) in _keys)
        {
            tenant = CryptographicOperations.FixedTimeEquals(known, hash) ? owner : tenant;
        }

        return tenant;
    }

    private static byte[] Hash(string key) => SHA256.HashData(Encoding.UTF8.GetBytes(key));

    private static string CheckTenant(string? tenant)
    {
        try
        {
            return ConversationKey.Create(tenant ?? string.Empty, "any").Tenant;
        }
        catch (InvalidRequestException failure)
        {
            throw Invalid($"every key names its tenant. {failure.Message}");
        }
    }

    private static SettingException Invalid(string rule) =>
        new($"{Section} is a map of key to tenant, or a list of {{\"key\", \"tenant\"}}; {rule}.");
}
