using System.Text.Json.Serialization;

namespace OrleansMemory.Client.Compatibility.MassGen;

/// <summary>
/// What a model is told of its memories: <c>{"success":true,"memories":[…],"count":…}</c>, or
/// <c>{"success":false,"message":…,"memories":[]}</c> when they could not be read.
/// </summary>
/// <remarks>The texts were written by users and models: treat them as untrusted.</remarks>
public sealed record MemoryRecallResult
{
    /// <summary>Whether the memories could be read.</summary>
    [JsonPropertyName("success"), JsonPropertyOrder(0)]
    public required bool Success { get; init; }

    /// <summary>Why they could not be read; <see langword="null"/>, and left out of the JSON, when they could.</summary>
    [JsonPropertyName("message"), JsonPropertyOrder(1), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Message { get; init; }

    /// <summary>What was found, keyword by keyword, the best first. What answers two keywords is there twice.</summary>
    [JsonPropertyName("memories"), JsonPropertyOrder(2)]
    public required IReadOnlyList<string> Memories { get; init; }

    /// <summary>How many there are; <see langword="null"/>, and left out of the JSON, when they could not be read.</summary>
    [JsonPropertyName("count"), JsonPropertyOrder(3), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public int? Count { get; init; }
}
