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
    /// <returns>The settings.</returns>
    /// <exception cref="InvalidRequestException">A field is unknown or not of its kind.</exception>
    public static TenantSettings Read(JsonElement root)
    {
        StrictObject body = StrictObject.Read(root, string.Empty, "defaultTtl", "livesForever", "limits", "apiKeyHashes", "requiresUser");
        return new TenantSettings
        {
            DefaultTimeToLive = body.TryGet("defaultTtl", out JsonElement ttl) ? SettingsDocument.ReadTimeToLive(ttl, "defaultTtl") : null,
            LivesForever = body.Flag("livesForever"),
            RequiresUser = body.Flag("requiresUser"),
            Limits = body.TryGet("limits", out JsonElement limits) ? ReadLimits(limits) : TenantLimits.None,
            ApiKeyHashes = [.. body.Items("apiKeyHashes").Select(static item => item.Element.ValueKind == JsonValueKind.String
                ? JsonText.Read(item.Element)
                : throw new InvalidRequestException(item.Path, "A text is expected here."))],
        };
    }

    private static TenantLimits ReadLimits(JsonElement element)
    {
        StrictObject limits = StrictObject.Read(
            element, "limits", "maxMessageBytes", "maxTurnMessages", "maxTurnBytes", "maxEntryBytes", "maxEntries", "maxEntriesBytes");
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
