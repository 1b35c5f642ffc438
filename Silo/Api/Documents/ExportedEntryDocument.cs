using System.Text.Json.Serialization;
using OrleansMemory.Client.Json;

namespace OrleansMemory.Silo.Api.Documents;

/// <summary>One keyed value of an exported conversation.</summary>
internal sealed record ExportedEntryDocument
{
    /// <summary>Its space: globals, memory-object, working-memory, or session: with its namespace.</summary>
    public required string Space { get; init; }

    /// <summary>Its key.</summary>
    public required string Key { get; init; }

    /// <summary>Its value, any JSON.</summary>
    [JsonConverter(typeof(RawJsonConverter))]
    public required string Value { get; init; }

    /// <summary>The instant from which it is gone; left out or null never.</summary>
    public DateTimeOffset? ExpiresAt { get; init; }
}
