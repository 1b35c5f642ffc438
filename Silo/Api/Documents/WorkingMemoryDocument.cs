using System.Text.Json.Serialization;
using OrleansMemory.Client.Compatibility.Arshai;
using OrleansMemory.Client.Json;
using OrleansMemory.Conversations;

namespace OrleansMemory.Silo.Api.Documents;

/// <summary>A working memory of a conversation.</summary>
internal sealed record WorkingMemoryDocument
{
    /// <summary>Its kind: WORKING_MEMORY, SHORT_TERM_MEMORY or LONG_TERM_MEMORY.</summary>
    public required string Type { get; init; }

    /// <summary>The key that memory managers know it by.</summary>
    public required string Key { get; init; }

    /// <summary>Its text.</summary>
    public required string WorkingMemory { get; init; }

    /// <summary>The caller's own properties.</summary>
    [JsonConverter(typeof(RawJsonConverter))]
    public required string Metadata { get; init; }

    /// <summary>When it was stored; null when another program left no instant there.</summary>
    public DateTimeOffset? CreatedAt { get; init; }

    /// <summary>When it was stored or updated last; null when another program left no instant there.</summary>
    public DateTimeOffset? LastUpdate { get; init; }

    /// <summary>The instant from which it is gone; null never.</summary>
    public DateTimeOffset? ExpiresAt { get; init; }

    /// <summary>The document of an entry.</summary>
    /// <param name="conversationId">The conversation.</param>
    /// <param name="type">The kind.</param>
    /// <param name="entry">The entry.</param>
    /// <returns>The document.</returns>
    public static WorkingMemoryDocument Of(string conversationId, ConversationMemoryType type, Entry entry)
    {
        WorkingMemoryValue value = WorkingMemoryValue.Read(entry.Value);
        return new WorkingMemoryDocument
        {
            Type = type.ToName(),
            Key = type.ToKey(conversationId),
            WorkingMemory = value.Text,
            Metadata = value.Metadata,
            CreatedAt = WorkingMemoryValue.ReadInstant(value.CreatedAt),
            LastUpdate = WorkingMemoryValue.ReadInstant(value.LastUpdate),
            ExpiresAt = entry.ExpiresAt,
        };
    }
}

/// <summary>The working memories of a conversation.</summary>
/// <param name="WorkingMemories">At most one of each kind.</param>
internal sealed record WorkingMemoryListDocument(IReadOnlyList<WorkingMemoryDocument> WorkingMemories);
