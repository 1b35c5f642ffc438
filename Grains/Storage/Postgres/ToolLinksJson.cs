using System.Text.Json;
using System.Text.Json.Serialization;

namespace OrleansMemory.Grains.Storage.Postgres;

/// <summary>The stored form of <see cref="ToolLinks"/>: <c>{"calls":["…"],"results":["…"]}</c>.</summary>
internal static class ToolLinksJson
{
    public static string? Write(ToolLinks? links) =>
        links is null ? null : JsonSerializer.Serialize(new Stored([.. links.Calls], [.. links.Results]), StoredJson.Default.Stored);

    public static ToolLinks Read(string json)
    {
        Stored stored = JsonSerializer.Deserialize(json, StoredJson.Default.Stored)!;
        return new ToolLinks([.. stored.Calls], [.. stored.Results]);
    }

    internal sealed record Stored(
        [property: JsonPropertyName("calls")] string[] Calls,
        [property: JsonPropertyName("results")] string[] Results
    );
}

[JsonSerializable(typeof(ToolLinksJson.Stored))]
internal sealed partial class StoredJson : JsonSerializerContext;
