using System.Collections.Immutable;
using OrleansMemory.Errors;
using OrleansMemory.Grains.Clocks;
using OrleansMemory.Tenants;
using OrleansMemory.Users;

namespace OrleansMemory.Grains.Tenants;

/// <summary>The rules of a tenant's settings.</summary>
internal static class TenantValidation
{
    private const int MaxKeys = 100;
    private const int HashLength = 64;
    private const int MaxNameLength = 64;
    private const int KiB = 1024;
    private const int MiB = 1024 * KiB;
    private const long MostRows = 1_000_000_000_000;
    private const long MostBytes = 1_000_000_000_000_000;

    /// <summary>Checks settings.</summary>
    /// <returns>The same, without values that were never set.</returns>
    /// <exception cref="InvalidRequestException">A setting is not valid.</exception>
    public static TenantSettings Check(TenantSettings settings)
    {
        if (settings is null)
        {
            throw new InvalidRequestException("settings", "settings is missing.");
        }

        CheckTimeToLive(settings);
        TenantLimits limits = settings.Limits ?? TenantLimits.None;
        CheckRange(limits.MaxMessageBytes, "limits.maxMessageBytes", KiB, 64 * MiB);
        CheckRange(limits.MaxTurnMessages, "limits.maxTurnMessages", 1, 100_000);
        CheckRange(limits.MaxTurnBytes, "limits.maxTurnBytes", KiB, 256 * MiB);
        CheckRange(limits.MaxEntryBytes, "limits.maxEntryBytes", KiB, 64 * MiB);
        CheckRange(limits.MaxEntries, "limits.maxEntries", 1, 100_000);
        CheckRange(limits.MaxEntriesBytes, "limits.maxEntriesBytes", KiB, 256 * MiB);
        ImmutableArray<string> hashes = settings.ApiKeyHashes.IsDefault ? [] : settings.ApiKeyHashes;
        ImmutableArray<TenantApiKey> keys = settings.ApiKeys.IsDefault ? [] : settings.ApiKeys;
        CheckKeys(hashes, keys);
        return settings with { Limits = limits, ApiKeyHashes = hashes, ApiKeys = keys, Quotas = settings.Quotas ?? TenantQuotas.None };
    }

    /// <summary>Checks quotas.</summary>
    /// <returns>The same.</returns>
    /// <exception cref="InvalidRequestException">A quota is not valid.</exception>
    public static TenantQuotas Check(TenantQuotas quotas)
    {
        if (quotas is null)
        {
            throw new InvalidRequestException("quotas", "quotas is missing.");
        }

        CheckQuota(quotas.MaxConversations, "maxConversations", MostRows);
        CheckQuota(quotas.MaxBytes, "maxBytes", MostBytes);
        CheckQuota(quotas.MaxMemories, "maxMemories", MostRows);
        return quotas;
    }

    private static void CheckQuota(long? value, string parameter, long most)
    {
        if (value < 0 || value > most)
        {
            throw new InvalidRequestException(
                parameter,
                FormattableString.Invariant($"{parameter} must be 0 to {most}, or null for no quota.")
            );
        }
    }

    private static void CheckTimeToLive(TenantSettings settings)
    {
        if (settings.DefaultTimeToLive is not { } timeToLive)
        {
            return;
        }

        if (settings.LivesForever)
        {
            throw new InvalidRequestException("livesForever", "Set livesForever or a default time to live, not both.");
        }

        if (timeToLive.Duration < Instants.ShortestTimeToLive || timeToLive.Duration > Instants.LongestTimeToLive)
        {
            throw new InvalidRequestException(
                "defaultTtl",
                $"defaultTtl must be one microsecond to {Instants.LongestTimeToLive.Days} days."
            );
        }
    }

    private static void CheckRange(int? value, string parameter, int least, int most)
    {
        if (value < least || value > most)
        {
            throw new InvalidRequestException(parameter, FormattableString.Invariant($"{parameter} must be {least} to {most}."));
        }
    }

    private static void CheckKeys(ImmutableArray<string> hashes, ImmutableArray<TenantApiKey> keys)
    {
        if (hashes.Length + keys.Length > MaxKeys)
        {
            throw new InvalidRequestException(
                hashes.Length > MaxKeys ? "apiKeyHashes" : "apiKeys",
                FormattableString.Invariant($"A tenant has at most {MaxKeys} keys.")
            );
        }

        var known = new HashSet<string>(StringComparer.Ordinal);
        for (int i = 0; i < hashes.Length; i++)
        {
            CheckHash(hashes[i], FormattableString.Invariant($"apiKeyHashes[{i}]"));
            CheckIsNew(known, hashes[i], "apiKeyHashes");
        }

        for (int i = 0; i < keys.Length; i++)
        {
            string path = FormattableString.Invariant($"apiKeys[{i}]");
            CheckKey(keys[i], path);
            CheckIsNew(known, keys[i].Hash, path);
        }
    }

    private static void CheckKey(TenantApiKey key, string path)
    {
        if (key is null)
        {
            throw new InvalidRequestException(path, "A key is expected here.");
        }

        CheckHash(key.Hash, path + ".hash");
        if (!Enum.IsDefined(key.Role))
        {
            throw new InvalidRequestException(path + ".role", $"A role is {string.Join(", ", Enum.GetNames<ApiKeyRole>())}.");
        }

        if (key.UserId is not null)
        {
            CheckUser(key.UserId, key.Role, path + ".userId");
        }

        if (key.Name is { Length: 0 or > MaxNameLength })
        {
            throw new InvalidRequestException(
                path + ".name",
                FormattableString.Invariant($"A key's name has 1 to {MaxNameLength} characters.")
            );
        }
    }

    private static void CheckUser(string userId, ApiKeyRole role, string path)
    {
        if (role == ApiKeyRole.TenantAdministrator)
        {
            throw new InvalidRequestException(path, "A key of one user is a Reader's or a Writer's.");
        }

        try
        {
            UserKey.Create("any", userId);
        }
        catch (InvalidRequestException failure)
        {
            throw new InvalidRequestException(path, failure.Message);
        }
    }

    private static void CheckHash(string? hash, string path)
    {
        if (hash is not { Length: HashLength } || !hash.All(char.IsAsciiHexDigitLower))
        {
            throw new InvalidRequestException(path, "A hash is the SHA-256 of '{tenant}~{secret}' as 64 lower-case hexadecimal digits.");
        }
    }

    private static void CheckIsNew(HashSet<string> known, string hash, string path)
    {
        if (!known.Add(hash))
        {
            throw new InvalidRequestException(path, "Every hash stands there once.");
        }
    }
}
