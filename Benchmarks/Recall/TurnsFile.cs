using System.Globalization;
using System.Text.Json;

namespace OrleansMemory.Benchmarks.Recall;

/// <summary>One line of a file of turns.</summary>
/// <param name="Conversation">The conversation it belongs to.</param>
/// <param name="Id">Its id within the conversation.</param>
/// <param name="Session">The session it was said in.</param>
/// <param name="SaidAt">When that session was.</param>
/// <param name="Speaker">Who said it.</param>
/// <param name="Text">What was said.</param>
/// <param name="Caption">What an image with it shows; <see langword="null"/> without one.</param>
internal sealed record RecordedTurn(string Conversation, string Id, int Session, DateTimeOffset SaidAt, string Speaker, string Text, string? Caption);

/// <summary>Reads <c>…-memories.jsonl</c>: one JSON object a line with conversation, id, session, session_date, speaker, text and image_caption.</summary>
internal static class TurnsFile
{
    // "1:56 pm on 8 May, 2023", as LoCoMo writes it; anything else is ISO 8601.
    private static readonly string[] Dates = ["h:mm tt 'on' d MMMM, yyyy", "yyyy-MM-dd", "yyyy-MM-dd'T'HH:mm:ssK", "O"];

    /// <summary>Reads a file.</summary>
    /// <param name="path">The file.</param>
    /// <returns>The turns in the file's order.</returns>
    /// <exception cref="FormatException">A line is not one of a turn.</exception>
    public static IReadOnlyList<RecordedTurn> Read(string path) => JsonLines.Read(path, Turn);

    private static RecordedTurn Turn(JsonElement line) => new(
        line.GetProperty("conversation").GetString()!,
        line.GetProperty("id").GetString()!,
        line.GetProperty("session").GetInt32(),
        Instant(line.GetProperty("session_date").GetString()!),
        line.GetProperty("speaker").GetString()!,
        line.GetProperty("text").GetString()!,
        line.TryGetProperty("image_caption", out JsonElement caption) ? caption.GetString() : null);

    private static DateTimeOffset Instant(string text) =>
        DateTimeOffset.ParseExact(text, Dates, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal);
}
