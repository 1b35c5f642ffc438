using System.Collections.Immutable;
using OrleansMemory.Errors;
using OrleansMemory.Grains.Conversations;
using OrleansMemory.Tenants;

namespace OrleansMemory.Grains.Tenants;

/// <summary>The rules of a tenant's settings.</summary>
internal static class TenantValidation
{
    private const int MaxKeys = 100;
    private const int HashLength = 64;
    private const int KiB = 1024;
    private const int MiB = 1024 * KiB;

    /// <summary>Checks settings.</summary>
    /// <param name="settings">The settings.</param>
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
        CheckHashes(hashes);
        return settings with { Limits = limits, ApiKeyHashes = hashes };
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
            throw new InvalidRequestException("defaultTtl", $"defaultTtl must be one microsecond to {Instants.LongestTimeToLive.Days} days.");
        }
    }

    private static void CheckRange(int? value, string parameter, int least, int most)
    {
        if (value < least || value > most)
        {
            throw new InvalidRequestException(parameter, FormattableString.Invariant($"{parameter} must be {least} to {most}."));
        }
    }

    private static void CheckHashes(ImmutableArray<string> hashes)
    {
        if (hashes.Length > MaxKeys)
        {
            throw new InvalidRequestException("apiKeyHashes", FormattableString.Invariant($"A tenant has at most {MaxKeys} hashes of keys."));
        }

        for (int i = 0; i < hashes.Length; i++)
        {
            if (hashes[i] is not { Length: HashLength } hash || !hash.All(char.IsAsciiHexDigitLower))
            {
                throw new InvalidRequestException(
                    FormattableString.Invariant($"apiKeyHashes[{i}]"), "A hash is the SHA-256 of '{tenant}~{secret}' as 64 lower-case hexadecimal digits.");
            }
        }

        if (hashes.Distinct(StringComparer.Ordinal).Count() < hashes.Length)
        {
            throw new InvalidRequestException("apiKeyHashes", "Every hash stands there once.");
        }
    }
}
