using System.Collections.Frozen;
using OrleansMemory.Client.Json;
using OrleansMemory.Conversations;
using OrleansMemory.Errors;
using OrleansMemory.Silo.Settings;
using OrleansMemory.Users;

namespace OrleansMemory.Silo.Access;

/// <summary>
/// Reads API keys from configuration: a map of key to tenant, a map of key to fields, or a list of fields. In a map, configuration ignores
/// case and gives <c>:</c> a meaning of its own; a list takes keys as they are, and hashes in their place.
/// </summary>
internal static class ApiKeyReader
{
    /// <summary>The section.</summary>
    public const string Section = "OrleansMemory:ApiKeys";

    private const int MaxNameLength = 64;

    private static readonly string[] Fields = ["Key", "Hash", "Tenant", "Role", "User", "ExpiresAt", "Name"];

    /// <summary>Reads the keys.</summary>
    /// <returns>The keys by their hashes.</returns>
    /// <exception cref="SettingException">
    /// A key is too short or stands there twice, or one of its fields is unknown or not valid.
    /// </exception>
    public static FrozenDictionary<KeyHash, ApiKey> Read(IConfigurationSection section)
    {
        ArgumentNullException.ThrowIfNull(section);
        var keys = new Dictionary<KeyHash, ApiKey>();
        foreach (IConfigurationSection entry in section.GetChildren())
        {
            if (!keys.TryAdd(ReadHash(entry), ReadKey(entry)))
            {
                throw Invalid("every key stands there once");
            }
        }

        return keys.ToFrozenDictionary();
    }

    private static KeyHash ReadHash(IConfigurationSection entry)
    {
        if (entry["Hash"] is { } written)
        {
            return entry["Key"] is null && KeyHash.TryParse(written, out KeyHash hash)
                ? hash
                : throw Invalid("Hash is the SHA-256 hash of a key, 64 lower-case hexadecimal digits, and stands in the place of Key");
        }

        string key = entry["Key"] ?? entry.Key;
        return
            key.Length is >= ApiKey.MinLength and <= ApiKey.MaxLength && !key.Any(static character => character is <= ' ' or > '~' or ',')
            ? KeyHash.Of(key)
            : throw Invalid($"every key has {ApiKey.MinLength} to {ApiKey.MaxLength} printable ASCII characters without spaces and commas");
    }

    private static ApiKey ReadKey(IConfigurationSection entry)
    {
        foreach (IConfigurationSection field in entry.GetChildren())
        {
            // A field that are not read could be the one that was to make the key weaker.
            if (!Fields.Contains(field.Key, StringComparer.OrdinalIgnoreCase))
            {
                throw Invalid($"the fields of a key are {string.Join(", ", Fields)}");
            }
        }

        AccessRole role = ReadRole(entry["Role"]);
        string? tenant = ReadTenant(entry["Tenant"] ?? entry.Value, role);
        return new ApiKey(
            new Caller(tenant, role, ReadUser(entry["User"], tenant, role), ReadName(entry["Name"])),
            ReadExpiry(entry["ExpiresAt"])
        );
    }

    private static AccessRole ReadRole(string? text) =>
        string.IsNullOrEmpty(text) ? AccessRole.Writer
        : Enum.GetNames<AccessRole>().FirstOrDefault(name => name.Equals(text, StringComparison.OrdinalIgnoreCase)) is { } role
            ? Enum.Parse<AccessRole>(role)
        : throw Invalid($"Role is {string.Join(", ", Enum.GetNames<AccessRole>())}");

    private static string? ReadTenant(string? tenant, AccessRole role)
    {
        if (string.IsNullOrEmpty(tenant) && role == AccessRole.Operator)
        {
            return null;
        }

        try
        {
            return ConversationKey.Create(tenant ?? string.Empty, "any").Tenant;
        }
        catch (InvalidRequestException failure)
        {
            throw Invalid($"every key but an operator's names its tenant. {failure.Message}");
        }
    }

    private static string? ReadUser(string? user, string? tenant, AccessRole role)
    {
        if (user is null)
        {
            return null;
        }

        if (tenant is null || role > AccessRole.Writer)
        {
            throw Invalid("a key with a User is a Reader or a Writer");
        }

        try
        {
            return UserKey.Create(tenant, user).UserId;
        }
        catch (InvalidRequestException failure)
        {
            throw Invalid($"User is a user's id. {failure.Message}");
        }
    }

    private static string? ReadName(string? name) =>
        name is null or { Length: > 0 and <= MaxNameLength } ? name : throw Invalid($"Name has 1 to {MaxNameLength} characters");

    private static DateTimeOffset? ReadExpiry(string? text) =>
        string.IsNullOrEmpty(text) ? null
        : Instants.TryParse(text, out DateTimeOffset instant) ? instant
        : throw Invalid($"ExpiresAt is an instant. {Instants.Expected}");

    private static SettingException Invalid(string rule) =>
        new($"{Section} is a map of key to tenant, or a list of {{\"Key\", \"Tenant\", \"Role\", …}}; {rule}.");
}
