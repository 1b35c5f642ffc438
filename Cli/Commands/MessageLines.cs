using System.Globalization;
using System.Text.Json;
using OrleansMemory.Cli.Terminal;
using OrleansMemory.Http;

namespace OrleansMemory.Cli.Commands;

/// <summary>Writes messages for people: who, when, and what of each content can be read.</summary>
internal static class MessageLines
{
    private const string TypeName = "$type";

    /// <summary>Writes a message.</summary>
    /// <param name="message">The message, as JSON of the API.</param>
    public static void Write(Printer printer, JsonElement message)
    {
        string author =
            message.TryGetProperty("authorName", out JsonElement name) && name.ValueKind == JsonValueKind.String
                ? $" {name.GetString()}"
                : string.Empty;
        printer.Line(
            string.Create(
                CultureInfo.InvariantCulture,
                $"{message.GetProperty("sequence").GetInt64()} {Times.Of(message.GetProperty("createdAt").GetDateTimeOffset())}"
            ),
            $"{message.GetProperty("role").GetString()}{author}:"
        );
        foreach (JsonElement content in message.GetProperty("contents").EnumerateArray())
        {
            printer.Line("  " + Describe(content).Replace("\n", "\n  ", StringComparison.Ordinal));
        }
    }

    /// <summary>Writes a message.</summary>
    public static void Write(Printer printer, MessageDocument message) => Write(printer, JsonSerializer.SerializeToElement(message));

    private static string Describe(JsonElement content) =>
        Type(content) switch
        {
            "text" => content.GetProperty("text").GetString()!,
            "reasoning" => $"[reasoning] {Text(content, "text")}",
            "functionCall" => $"[call] {Text(content, "name")}({Text(content, "arguments")})",
            "functionResult" => $"[result] {Text(content, "result")}",
            "uri" => $"[{Text(content, "mediaType")}] {Text(content, "uri")}",
            "data" => $"[{MediaType(Text(content, "uri"))}]",
            string other => $"[{other}]",
        };

    private static string Type(JsonElement content) =>
        content.TryGetProperty(TypeName, out JsonElement type) ? type.GetString()! : "content";

    private static string Text(JsonElement content, string name) =>
        !content.TryGetProperty(name, out JsonElement value) ? string.Empty
        : value.ValueKind == JsonValueKind.String ? value.GetString()!
        : value.GetRawText();

    // data:image/png;base64,…
    private static string MediaType(string uri) =>
        uri.StartsWith("data:", StringComparison.Ordinal) && uri.IndexOfAny([';', ',']) is > 5 and int end ? uri[5..end] : "data";
}
