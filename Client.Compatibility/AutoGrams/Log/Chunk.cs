using System.Collections.Immutable;
using System.Text.Json;
using OrleansMemory.Client.Json;
using OrleansMemory.Errors;

namespace OrleansMemory.Client.Compatibility.AutoGrams.Log;

/// <summary>A sealed part of a list of turns. It never changes; lists share chunks by their ids.</summary>
/// <param name="Previous">The chunk before it; <see langword="null"/> for the first one.</param>
/// <param name="Runs">Its turns, ascending; empty when it stands for another list.</param>
/// <param name="List">The last chunk of the list that stands here as a whole; <see langword="null"/> for a chunk of runs.</param>
internal sealed record Chunk(long? Previous, ImmutableArray<Run> Runs, long? List)
{
    /// <summary>The chunk as an entry's value.</summary>
    public string ToJson() =>
        ProgramJson.Text(writer =>
        {
            writer.WriteStartObject();
            if (Previous is { } previous)
            {
                writer.WriteNumber("previous", previous);
            }

            if (List is { } list)
            {
                writer.WriteNumber("list", list);
            }
            else
            {
                RunsJson.Write(writer, Runs);
            }

            writer.WriteEndObject();
        });

    /// <summary>Reads an entry's value.</summary>
    /// <param name="path">Where it stands.</param>
    /// <exception cref="InvalidRequestException">It is no chunk.</exception>
    public static Chunk Read(JsonElement element, string path)
    {
        StrictObject chunk = StrictObject.Read(element, path, "previous", "list", RunsJson.Field);
        return new Chunk(chunk.Integer("previous"), RunsJson.Read(chunk), chunk.Integer("list"));
    }
}
