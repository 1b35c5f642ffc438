using System.Text.Json;

namespace OrleansMemory.Benchmarks.Recall;

/// <summary>Reads files of one JSON object a line.</summary>
internal static class JsonLines
{
    /// <summary>Reads a file.</summary>
    /// <typeparam name="T">What a line is.</typeparam>
    /// <param name="path">The file.</param>
    /// <param name="read">Reads a line.</param>
    /// <returns>What the lines that are not empty say, in their order.</returns>
    /// <exception cref="FormatException">A line does not say that.</exception>
    public static IReadOnlyList<T> Read<T>(string path, Func<JsonElement, T> read)
    {
        var lines = new List<T>();
        int number = 0;
        foreach (string line in File.ReadLines(path))
        {
            number++;
            if (line.Length == 0)
            {
                continue;
            }

            try
            {
                using JsonDocument document = JsonDocument.Parse(line);
                lines.Add(read(document.RootElement));
            }
            catch (Exception failure)
                when (failure is JsonException or KeyNotFoundException or InvalidOperationException or FormatException)
            {
                throw new FormatException(FormattableString.Invariant($"{path}, line {number}: {failure.Message}"), failure);
            }
        }

        return lines;
    }
}
