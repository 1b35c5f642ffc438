using System.Collections.Immutable;
using System.Text.Json.Nodes;
using OrleansMemory.Memories;

namespace OrleansMemory.Grains.Memories.Extraction;

/// <summary>What a new fact takes over from the turns that it was distilled from.</summary>
internal static class DistilledFact
{
    /// <summary>The most turns, and the most of their message ids, that its metadata names: the last ones.</summary>
    public const int MaxSources = 16;

    /// <summary>Makes a fact without text and without an owner.</summary>
    /// <param name="sources">The turns; at least one.</param>
    /// <param name="replaced">The fact whose place it takes; <see langword="null"/> for none.</param>
    /// <param name="now">The instant.</param>
    /// <returns>The fact: when, by whom and in which message it was said, as far as its turns agree, and its sources as metadata.</returns>
    public static MemoryFact Make(ImmutableArray<MemoryFact> sources, MemoryFact? replaced, DateTimeOffset now)
    {
        return new MemoryFact
        {
            Id = Guid.CreateVersion7(now).ToString("N"),
            Kind = MemoryKind.Fact,
            Text = "",
            Role = Common(sources, turn => turn.Role),
            Speaker = Common(sources, turn => turn.Speaker),
            MessageId = Common(sources, turn => turn.MessageId),
            Metadata = Metadata(sources, replaced),
            OccurredAt = sources.Max(turn => turn.OccurredAt),
            CreatedAt = now,
            UpdatedAt = now,
            Version = 1,
        };
    }

    private static string? Common(ImmutableArray<MemoryFact> sources, Func<MemoryFact, string?> value)
    {
        string? first = value(sources[0]);
        return sources.All(turn => string.Equals(value(turn), first, StringComparison.Ordinal)) ? first : null;
    }

    private static string Metadata(ImmutableArray<MemoryFact> sources, MemoryFact? replaced)
    {
        var metadata = new JsonObject
        {
            ["distilled"] = true,
            ["sourceMemories"] = List(sources.Select(turn => turn.Id)),
            ["sourceMessages"] = List(sources.Select(turn => turn.MessageId).OfType<string>().Distinct()),
        };
        if (replaced is not null)
        {
            metadata["replaces"] = replaced.Id;
        }

        return metadata.ToJsonString();
    }

    private static JsonArray List(IEnumerable<string> ids) => [.. ids.TakeLast(MaxSources).Select(id => (JsonNode)id)];
}
