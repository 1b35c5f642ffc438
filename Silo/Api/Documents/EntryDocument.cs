using System.Text.Json.Serialization;
using OrleansMemory.Client.Json;
using OrleansMemory.Conversations;

namespace OrleansMemory.Silo.Api.Documents;

/// <summary>One keyed value of a conversation.</summary>
internal sealed record EntryDocument
{
    /// <summary>Its namespace.</summary>
    public required string Namespace { get; init; }

    /// <summary>Its key.</summary>
    public required string Key { get; init; }

    /// <summary>Its value, any JSON.</summary>
    [JsonConverter(typeof(RawJsonConverter))]
    public required string Value { get; init; }

    /// <summary>The instant from which it is gone; null never.</summary>
    public DateTimeOffset? ExpiresAt { get; init; }

    /// <summary>The document of an entry in a session namespace.</summary>
    /// <param name="entry">The entry.</param>
    /// <returns>The document.</returns>
    public static EntryDocument Of(Entry entry) =>
        new()
        {
            Namespace = entry.Space[EntrySpaces.SessionPrefix.Length..],
            Key = entry.Key,
            Value = entry.Value,
            ExpiresAt = entry.ExpiresAt,
        };
}

/// <summary>Entries of a conversation.</summary>
/// <param name="Entries">The entries, ordered by namespace and key.</param>
internal sealed record EntriesDocument(IReadOnlyList<EntryDocument> Entries);
