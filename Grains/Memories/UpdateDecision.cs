using OrleansMemory.Errors;
using OrleansMemory.Grains.Clocks;
using OrleansMemory.Grains.Storage;
using OrleansMemory.Memories;

namespace OrleansMemory.Grains.Memories;

/// <summary>Checks a change of a memory and decides what is stored.</summary>
internal static class UpdateDecision
{
    private const string NoMetadata = "null";

    /// <summary>Decides.</summary>
    /// <param name="tenant">The tenant.</param>
    /// <param name="id">The memory.</param>
    /// <param name="update">The wanted change.</param>
    /// <param name="options">The limits.</param>
    /// <param name="now">The instant of the change.</param>
    /// <returns>What is stored.</returns>
    /// <exception cref="InvalidRequestException">Some of it is not valid.</exception>
    /// <exception cref="PayloadTooLargeException">Some of it is too large.</exception>
    public static FactChange Decide(string tenant, string id, MemoryUpdate update, MemoryOptions options, DateTimeOffset now)
    {
        if (update is null or { Text: null, Metadata: null, TimeToLive: null, LivesForever: false })
        {
            throw new InvalidRequestException("update", "update names nothing to change. Give text, metadata, timeToLive or livesForever.");
        }

        if (update is { LivesForever: true, TimeToLive: not null })
        {
            throw new InvalidRequestException("timeToLive", "timeToLive must not be given together with livesForever.");
        }

        update = update with { Text = StorableText.Clean(update.Text) };
        CheckText(update.Text, options);
        bool removesMetadata = string.Equals(update.Metadata?.Trim(), NoMetadata, StringComparison.Ordinal);
        if (!removesMetadata)
        {
            NewMemoryRules.CheckMetadata(update.Metadata, "metadata", options);
        }

        return new FactChange
        {
            Tenant = tenant,
            Id = id,
            ExpectedVersion = update.ExpectedVersion,
            Text = update.Text,
            Metadata = removesMetadata ? null : update.Metadata,
            SetsMetadata = update.Metadata is not null,
            ExpiresAt = RecordDecision.CheckTimeToLive(update.TimeToLive) is { } timeToLive ? Instants.Plus(now, timeToLive) : null,
            SetsExpiry = update.LivesForever || update.TimeToLive is not null,
            At = now,
        };
    }

    private static void CheckText(string? text, MemoryOptions options)
    {
        if (text is null)
        {
            return;
        }

        NewMemoryRules.CheckText(text, "text", options.MaxMemoryBytes);
        if (string.IsNullOrWhiteSpace(text))
        {
            throw new InvalidRequestException("text", "text is empty. Delete the memory instead, or leave the text out to keep it.");
        }
    }
}
