using System.Collections.Immutable;
using System.Text.Json;
using OrleansMemory.Conversations;

namespace OrleansMemory.Grains.Storage.Postgres;

/// <summary>The labels of settings as one JSON value: arrays of unequal lengths cannot be parameters of one <c>unnest</c>.</summary>
internal static class LabelsJson
{
    /// <summary>Writes the labels.</summary>
    /// <returns>A JSON array of strings; <see langword="null"/> when there are none.</returns>
    public static string? Write(ConversationSettings settings) => Write(settings.Metadata);

    /// <summary>Writes the labels.</summary>
    /// <param name="metadata">The metadata, if any.</param>
    /// <returns>A JSON array of strings; <see langword="null"/> when there are none.</returns>
    public static string? Write(string? metadata)
    {
        ImmutableArray<string> labels = MetadataLabels.Of(metadata);
        return labels.IsEmpty ? null : JsonSerializer.Serialize(labels);
    }
}
