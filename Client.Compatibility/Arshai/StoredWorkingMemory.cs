using System.Text.Json;

namespace OrleansMemory.Client.Compatibility.Arshai;

/// <summary>A memory with all that is stored beside its text.</summary>
public sealed record StoredWorkingMemory
{
    /// <summary>The conversation.</summary>
    public required string ConversationId { get; init; }

    /// <summary>The kind of memory.</summary>
    public required ConversationMemoryType MemoryType { get; init; }

    /// <summary>The memory.</summary>
    public required WorkingMemory Memory { get; init; }

    /// <summary>The caller's own properties; empty when there are none.</summary>
    public required IReadOnlyDictionary<string, JsonElement> Metadata { get; init; }

    /// <summary>When it was stored (UTC); <see langword="null"/> when another program left something there that is no instant.</summary>
    public DateTimeOffset? CreatedAt { get; init; }

    /// <summary>
    /// When it was stored or updated last (UTC); <see langword="null"/> when another program left something there that is no instant.
    /// </summary>
    public DateTimeOffset? LastUpdate { get; init; }

    /// <summary>The instant from which no read sees it any more (UTC); <see langword="null"/> never.</summary>
    public DateTimeOffset? ExpiresAt { get; init; }

    /// <summary>Its key, <c>memory:{TYPE}:{conversation id}</c>.</summary>
    public string Key => MemoryType.ToKey(ConversationId);
}
