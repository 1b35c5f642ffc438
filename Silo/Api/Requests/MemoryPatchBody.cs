using System.Text.Json;
using System.Text.Json.Serialization;
using OrleansMemory.Client.Json;
using OrleansMemory.Errors;
using OrleansMemory.Memories;

namespace OrleansMemory.Silo.Api.Requests;

/// <summary>Changes a memory. What is left out stays.</summary>
internal sealed record MemoryPatchBody
{
    /// <summary>What it says from now on.</summary>
    public string? Text { get; init; }

    /// <summary>An object that takes the place of the metadata; null removes it.</summary>
    [JsonConverter(typeof(RawJsonConverter))]
    public string? Metadata { get; init; }

    /// <summary>How long it lives from now on, in seconds; null: it does not expire.</summary>
    public decimal? TtlSeconds { get; init; }

    /// <summary>The version that the caller saw; left out, the memory is changed at any.</summary>
    public long? ExpectedVersion { get; init; }

    /// <summary>Reads a change.</summary>
    /// <param name="root">The body.</param>
    /// <exception cref="InvalidRequestException">A field is unknown or not of its kind, or nothing is changed.</exception>
    public static MemoryUpdate Read(JsonElement root)
    {
        StrictObject body = StrictObject.Read(root, string.Empty, "text", "metadata", "ttlSeconds", "expectedVersion");
        bool hasMetadata = body.TryGetAny("metadata", out _);
        bool hasTimeToLive = body.TryGetAny("ttlSeconds", out _);
        string? text = body.Text("text");
        if (text is null && !hasMetadata && !hasTimeToLive)
        {
            throw new InvalidRequestException("body", "Nothing is changed. A change has a text, metadata or ttlSeconds.");
        }

        TimeSpan? timeToLive = body.Seconds("ttlSeconds");
        return new MemoryUpdate
        {
            Text = text,
            Metadata = hasMetadata ? body.RawObject("metadata") ?? "null" : null,
            TimeToLive = timeToLive,
            LivesForever = hasTimeToLive && timeToLive is null,
            ExpectedVersion = body.Integer("expectedVersion"),
        };
    }
}
