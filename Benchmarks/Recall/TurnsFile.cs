using System.Globalization;
using System.Text.Json;

namespace OrleansMemory.Benchmarks.Recall;

/// <summary>One line of a file of turns.</summary>
/// <param name="Conversation">The conversation it belongs to.</param>
/// <param name="Id">Its id within the conversation.</param>
/// <param name="Session">The session it was said in.</param>
/// <param name="SaidAt">When that session was.</param>
/// <param name="Speaker">Who said it; <see langword="null"/> when only the role is known.</param>
/// <param name="Role">In which role: user or assistant; <see langword="null"/> for talk between people.</param>
/// <param name="Text">What was said.</param>
/// <param name="Caption">What an image with it shows; <see langword="null"/> without one.</param>
internal sealed record RecordedTurn(
    string Conversation,
    string Id,
    int Session,
    DateTimeOffset SaidAt,
    string? Speaker,
    string? Role,
    string Text,
    string? Caption
);

/// <summary>
/// Reads <c>…-memories.jsonl</c>: one JSON object a line with conversation, id, session, session_date and text, and where they are known
/// speaker, role and image_caption.
/// </summary>
internal static class TurnsFile
{
    // "1:56 pm on 8 May, 2023", as LoCoMo writes it. Other written dates ("8 May 2023", "May 8, 2023 1:56 PM") and those of ISO 8601 are
    // known to the library.
    private const string TimeOnDate = "h:mm tt 'on' d MMMM, yyyy";
    private const DateTimeStyles Utc = DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal | DateTimeStyles.AllowWhiteSpaces;

    /// <summary>Reads a file.</summary>
    /// <param name="path">The file.</param>
    /// <returns>The turns in the file's order.</returns>
    /// <exception cref="FormatException">A line is not one of a turn.</exception>
    public static IReadOnlyList<RecordedTurn> Read(string path) => JsonLines.Read(path, Turn);

    private static RecordedTurn Turn(JsonElement line) =>
        new(
            line.GetProperty("conversation").GetString()!,
            line.GetProperty("id").GetString()!,
            line.GetProperty("session").GetInt32(),
            Instant(line.GetProperty("session_date").GetString()!),
            TextOrNull(line, "speaker"),
            TextOrNull(line, "role"),
            line.GetProperty("text").GetString()!,
            TextOrNull(line, "image_caption")
        );

    private static string? TextOrNull(JsonElement line, string name) =>
        line.TryGetProperty(name, out JsonElement value) ? value.GetString() : null;

    private static DateTimeOffset Instant(string text) =>
        DateTimeOffset.TryParseExact(text, TimeOnDate, CultureInfo.InvariantCulture, Utc, out DateTimeOffset instant)
            ? instant
            : DateTimeOffset.Parse(text, CultureInfo.InvariantCulture, Utc);
}
