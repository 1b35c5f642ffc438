using System.Text.Json;

namespace OrleansMemory.Benchmarks.Recall;

/// <summary>One line of a file of questions.</summary>
/// <param name="Conversation">The conversation that is asked.</param>
/// <param name="Id">The question's id.</param>
/// <param name="Text">The question.</param>
internal sealed record Question(string Conversation, string Id, string Text);

/// <summary>Reads <c>…-queries.jsonl</c>: one JSON object a line with conversation, qid and question.</summary>
internal static class QuestionsFile
{
    /// <summary>Reads a file.</summary>
    /// <param name="path">The file.</param>
    /// <returns>The questions in the file's order.</returns>
    /// <exception cref="FormatException">A line is not one of a question.</exception>
    public static IReadOnlyList<Question> Read(string path) => JsonLines.Read(path, Ask);

    private static Question Ask(JsonElement line) =>
        new(line.GetProperty("conversation").GetString()!, line.GetProperty("qid").GetString()!, line.GetProperty("question").GetString()!);
}
