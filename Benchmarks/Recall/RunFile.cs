using System.Text.Json;

namespace OrleansMemory.Benchmarks.Recall;

/// <summary>
/// Writes what was recalled for each question, one JSON object a line: <c>{"qid": "…", "ids": ["…"], "scores": [0.9]}</c>, the best first.
/// </summary>
internal static class RunFile
{
    /// <summary>Writes a file.</summary>
    /// <param name="path">The file.</param>
    /// <param name="answers">For each question its id and what was recalled, with the scores.</param>
    /// <returns>A task that ends when it is written.</returns>
    public static Task WriteAsync(string path, IEnumerable<(string QuestionId, IReadOnlyList<(string Id, double Score)> Found)> answers) =>
        File.WriteAllLinesAsync(
            path,
            answers.Select(answer =>
                JsonSerializer.Serialize(
                    new
                    {
                        qid = answer.QuestionId,
                        ids = answer.Found.Select(found => found.Id),
                        scores = answer.Found.Select(found => found.Score),
                    }
                )
            )
        );
}
