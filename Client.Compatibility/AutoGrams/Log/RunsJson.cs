using System.Collections.Immutable;
using System.Text.Json;
using OrleansMemory.Client.Json;
using OrleansMemory.Errors;

namespace OrleansMemory.Client.Compatibility.AutoGrams.Log;

/// <summary>Runs as pairs of numbers: <c>"turns":[[1,4],[7,9]]</c>.</summary>
internal static class RunsJson
{
    /// <summary>The field that holds them.</summary>
    public const string Field = "turns";

    /// <summary>Writes the field.</summary>
    public static void Write(Utf8JsonWriter writer, IEnumerable<Run> runs)
    {
        writer.WriteStartArray(Field);
        foreach (Run run in runs)
        {
            writer.WriteStartArray();
            writer.WriteNumberValue(run.First);
            writer.WriteNumberValue(run.Last);
            writer.WriteEndArray();
        }

        writer.WriteEndArray();
    }

    /// <summary>Reads the field.</summary>
    /// <returns>The runs; none when the field is absent.</returns>
    /// <exception cref="InvalidRequestException">They are no ascending pairs.</exception>
    public static ImmutableArray<Run> Read(StrictObject parent)
    {
        ImmutableArray<Run>.Builder runs = ImmutableArray.CreateBuilder<Run>();
        foreach ((JsonElement pair, string path) in parent.Items(Field))
        {
            long[] ends = [.. StrictObject.Items(pair, path).Select(end => ToSequence(end.Element, end.Path))];
            if (ends is not [long first, long last] || last < first || (runs.Count > 0 && first <= runs[^1].Last))
            {
                throw new InvalidRequestException(path, "Turns are pairs of first and last sequence, ascending.");
            }

            runs.Add(new Run(first, last));
        }

        return runs.ToImmutable();
    }

    private static long ToSequence(JsonElement element, string path) =>
        element.ValueKind == JsonValueKind.Number && element.TryGetInt64(out long sequence) && sequence > 0
            ? sequence
            : throw new InvalidRequestException(path, "A sequence is a whole number from 1 on.");
}
