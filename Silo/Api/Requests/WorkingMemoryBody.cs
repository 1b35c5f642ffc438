using System.Text.Json;
using System.Text.Json.Serialization;
using OrleansMemory.Client.Compatibility.Arshai;
using OrleansMemory.Client.Json;
using OrleansMemory.Errors;

namespace OrleansMemory.Silo.Api.Requests;

/// <summary>A working memory to store in place of the one there was.</summary>
internal sealed record WorkingMemoryBody
{
    /// <summary>The text. Either this or text.</summary>
    public string? WorkingMemory { get; init; }

    /// <summary>The text, by its short name. Either this or workingMemory.</summary>
    public string? Text { get; init; }

    /// <summary>The caller's own properties.</summary>
    [JsonConverter(typeof(RawJsonConverter))]
    public string? Metadata { get; init; }

    /// <summary>How long it lives, in seconds; null: it does not expire. Left out, 12 hours.</summary>
    public decimal? TtlSeconds { get; init; }

    /// <summary>How long it lives.</summary>
    [JsonIgnore]
    public TimeSpan? TimeToLive { get; init; }

    /// <summary>Reads it.</summary>
    /// <param name="root">The body.</param>
    /// <returns>The body, its text in <see cref="WorkingMemory"/>.</returns>
    /// <exception cref="InvalidRequestException">A field is unknown, missing or not of its kind.</exception>
    public static WorkingMemoryBody Read(JsonElement root)
    {
        StrictObject body = StrictObject.Read(root, string.Empty, "workingMemory", "text", "metadata", "ttlSeconds");
        if (body.TryGet("metadata", out JsonElement metadata))
        {
            StrictObject.ReadMap(metadata, "metadata");
        }

        return new WorkingMemoryBody
        {
            WorkingMemory = ReadText(body),
            Metadata = body.RawObject("metadata"),
            TimeToLive = body.TryGetAny("ttlSeconds", out _) ? body.Seconds("ttlSeconds") : MemoryManagerOptions.DefaultTimeToLive,
        };
    }

    /// <summary>The text under either of its names.</summary>
    /// <exception cref="InvalidRequestException">It is missing, or stands under both.</exception>
    public static string ReadText(StrictObject body)
    {
        string? full = body.Text("workingMemory");
        string? brief = body.Text("text");
        return full is null != brief is null
            ? full ?? brief!
            : throw new InvalidRequestException("workingMemory", "A working memory has a text in either \"workingMemory\" or \"text\".");
    }
}

/// <summary>A new text of a working memory; all else of it stays.</summary>
internal sealed record WorkingMemoryTextBody
{
    /// <summary>The text. Either this or text.</summary>
    public string? WorkingMemory { get; init; }

    /// <summary>The text, by its short name. Either this or workingMemory.</summary>
    public string? Text { get; init; }

    /// <summary>Reads it.</summary>
    /// <param name="root">The body.</param>
    /// <exception cref="InvalidRequestException">A field is unknown, missing or not of its kind.</exception>
    public static string Read(JsonElement root) =>
        WorkingMemoryBody.ReadText(StrictObject.Read(root, string.Empty, "workingMemory", "text"));
}
