using System.Text.Json;
using OrleansMemory.Conversations;
using OrleansMemory.Errors;

namespace OrleansMemory.Client.Json;

/// <summary>
/// A conversation's settings as JSON: <c>{userId, agentId, title, metadata, ttl: {seconds, sliding}}</c>. Exports and HTTP share it.
/// </summary>
public static class SettingsDocument
{
    /// <summary>Writes the settings' fields into an object that is open. Settings that are not set are left out.</summary>
    /// <param name="writer">The writer.</param>
    /// <param name="settings">The settings.</param>
    public static void WriteFields(Utf8JsonWriter writer, ConversationSettings settings)
    {
        WriteText(writer, "userId", settings.UserId);
        WriteText(writer, "agentId", settings.AgentId);
        WriteText(writer, "title", settings.Title);
        if (settings.Metadata is { } metadata)
        {
            writer.WritePropertyName("metadata");
            writer.WriteRawValue(metadata, skipInputValidation: true);
        }

        if (settings.TimeToLive is { } timeToLive)
        {
            writer.WriteStartObject("ttl");
            writer.WriteNumber("seconds", (decimal)timeToLive.Duration.Ticks / TimeSpan.TicksPerSecond);
            writer.WriteBoolean("sliding", timeToLive.Sliding);
            writer.WriteEndObject();
        }
    }

    /// <summary>Reads settings.</summary>
    /// <param name="element">The object.</param>
    /// <param name="path">Where it stands; empty for the whole document.</param>
    /// <returns>The settings; what is absent or null is not set.</returns>
    /// <exception cref="InvalidRequestException">It has other fields, or a value is not of its kind.</exception>
    public static ConversationSettings Read(JsonElement element, string path)
    {
        StrictObject settings = StrictObject.Read(element, path, "userId", "agentId", "title", "metadata", "ttl");
        return new ConversationSettings
        {
            UserId = settings.Text("userId"),
            AgentId = settings.Text("agentId"),
            Title = settings.Text("title"),
            Metadata = settings.RawObject("metadata"),
            TimeToLive = settings.TryGet("ttl", out JsonElement ttl) ? ReadTimeToLive(ttl, settings.PathOf("ttl")) : null,
        };
    }

    /// <summary>Reads a time to live.</summary>
    /// <param name="element">The object.</param>
    /// <param name="path">Where it stands.</param>
    /// <returns>The time to live.</returns>
    /// <exception cref="InvalidRequestException">It has other fields, or a value is not of its kind.</exception>
    public static TimeToLive ReadTimeToLive(JsonElement element, string path)
    {
        StrictObject ttl = StrictObject.Read(element, path, "seconds", "sliding");
        ttl.Required("seconds");
        return new TimeToLive { Duration = ttl.Seconds("seconds")!.Value, Sliding = ttl.Flag("sliding") };
    }

    private static void WriteText(Utf8JsonWriter writer, string name, string? value)
    {
        if (value is not null)
        {
            writer.WriteString(name, value);
        }
    }
}
