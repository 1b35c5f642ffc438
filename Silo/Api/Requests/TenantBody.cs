using System.Text.Json;
using OrleansMemory.Client.Json;
using OrleansMemory.Errors;
using OrleansMemory.Tenants;

namespace OrleansMemory.Silo.Api.Requests;

/// <summary>Reads a tenant's settings; what is left out or null is cleared.</summary>
internal static class TenantBody
{
    /// <summary>Reads settings.</summary>
    /// <param name="root">The body.</param>
    /// <exception cref="InvalidRequestException">A field is unknown or not of its kind.</exception>
    public static TenantSettings Read(JsonElement root)
    {
        StrictObject body = StrictObject.Read(
            root,
            string.Empty,
            "defaultTtl",
            "livesForever",
            "limits",
            "apiKeyHashes",
            "apiKeys",
            "requiresUser"
        );
        return new TenantSettings
        {
            DefaultTimeToLive = body.TryGet("defaultTtl", out JsonElement ttl) ? SettingsDocument.ReadTimeToLive(ttl, "defaultTtl") : null,
            LivesForever = body.Flag("livesForever"),
            RequiresUser = body.Flag("requiresUser"),
            Limits = body.TryGet("limits", out JsonElement limits) ? ReadLimits(limits) : TenantLimits.None,
            ApiKeyHashes =
            [
                .. body.Items("apiKeyHashes")
                    .Select(static item =>
                        item.Element.ValueKind == JsonValueKind.String
                            ? JsonText.Read(item.Element)
                            : throw new InvalidRequestException(item.Path, "A text is expected here.")
                    ),
            ],
            ApiKeys = [.. body.Items("apiKeys").Select(static item => ReadKey(item.Element, item.Path))],
        };
    }

    private static TenantApiKey ReadKey(JsonElement element, string path)
    {
        StrictObject key = StrictObject.Read(element, path, "hash", "role", "userId", "expiresAt", "name");
        return new TenantApiKey
        {
            Hash = key.RequiredText("hash"),
            Role = ReadRole(key.Text("role"), key.PathOf("role")),
            UserId = key.Text("userId"),
            ExpiresAt =
                key.Text("expiresAt") is not { } text ? null
                : Instants.TryParse(text, out DateTimeOffset instant) ? instant
                : throw new InvalidRequestException(key.PathOf("expiresAt"), Instants.Expected),
            Name = key.Text("name"),
        };
    }

    private static ApiKeyRole ReadRole(string? text, string path) =>
        text is null ? ApiKeyRole.Writer
        : Enum.GetNames<ApiKeyRole>().FirstOrDefault(name => name.Equals(text, StringComparison.OrdinalIgnoreCase)) is { } role
            ? Enum.Parse<ApiKeyRole>(role)
        : throw new InvalidRequestException(path, $"A role is {string.Join(", ", Enum.GetNames<ApiKeyRole>())}.");

    private static TenantLimits ReadLimits(JsonElement element)
    {
        StrictObject limits = StrictObject.Read(
            element,
            "limits",
            "maxMessageBytes",
            "maxTurnMessages",
            "maxTurnBytes",
            "maxEntryBytes",
            "maxEntries",
            "maxEntriesBytes"
        );
        return new TenantLimits
        {
            MaxMessageBytes = ReadLimit(limits, "maxMessageBytes"),
            MaxTurnMessages = ReadLimit(limits, "maxTurnMessages"),
            MaxTurnBytes = ReadLimit(limits, "maxTurnBytes"),
            MaxEntryBytes = ReadLimit(limits, "maxEntryBytes"),
            MaxEntries = ReadLimit(limits, "maxEntries"),
            MaxEntriesBytes = ReadLimit(limits, "maxEntriesBytes"),
        };
    }

    // What does not fit an int is out of every limit's range; the tenant's grain says what would be right.
    private static int? ReadLimit(StrictObject limits, string name) =>
        limits.Integer(name) is { } value ? (int)Math.Clamp(value, int.MinValue, int.MaxValue) : null;
}
