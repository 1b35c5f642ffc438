using System.Text.Json.Serialization;

namespace OrleansMemory.Client.Compatibility.MassGen;

/// <summary>What a model is told about what it saved: <c>{"success":…,"message":…,"memory_ids":[…]}</c>.</summary>
public sealed record MemorySaveResult
{
    /// <summary>Whether everything was saved; else nothing was.</summary>
    [JsonPropertyName("success"), JsonPropertyOrder(0)]
    public required bool Success { get; init; }

    /// <summary>What was done, or why nothing was.</summary>
    [JsonPropertyName("message"), JsonPropertyOrder(1)]
    public required string Message { get; init; }

    /// <summary>The ids of the memories, in the order in which they were given; none when it failed.</summary>
    [JsonPropertyName("memory_ids"), JsonPropertyOrder(2)]
    public required IReadOnlyList<string> MemoryIds { get; init; }
}
