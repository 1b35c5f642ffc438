using System.Text.Json;
using OrleansMemory.Cli.Transfer.Json;

namespace OrleansMemory.Cli.Transfer.Import;

/// <summary>Tells by a file's beginning what it is.</summary>
internal static class FormatDetector
{
    private const int BeginningBytes = 64 * 1024;

    private static ReadOnlySpan<byte> Mark => [0xEF, 0xBB, 0xBF];

    /// <summary>Tells what a file is.</summary>
    /// <returns>The format, and where the text begins: behind the mark of UTF-8, if there is one.</returns>
    /// <exception cref="MalformedFileException">It is none of them.</exception>
    public static async Task<(ImportFormat Format, int Begin)> DetectAsync(FileStream file)
    {
        byte[] beginning = new byte[BeginningBytes];
        int length = await file.ReadAtLeastAsync(beginning, BeginningBytes, throwOnEndOfStream: false);
        file.Seek(0, SeekOrigin.Begin);
        int begin = beginning.AsSpan(0, length).StartsWith(Mark) ? Mark.Length : 0;
        ImportFormat? format = Detect(beginning.AsSpan(begin, length - begin), isWhole: length < BeginningBytes);
        return (
            format
                ?? throw new MalformedFileException(
                    $"{file.Name} is none of the files that can be imported: {Hint(beginning.AsSpan(0, length))}"
                ),
            begin
        );
    }

    private static string Hint(ReadOnlySpan<byte> beginning) =>
        beginning.IsEmpty ? "it is empty."
        : beginning.StartsWith("PK"u8) ? "it is a zip archive. Unpack it, and name the file in it, for instance conversations.json."
        : beginning.StartsWith((ReadOnlySpan<byte>)[0xFF, 0xFE]) || beginning.StartsWith((ReadOnlySpan<byte>)[0xFE, 0xFF])
            ? "it is not UTF-8."
        : "an export of omem, a Letta agent file (.af) or ChatGPT's conversations.json is expected.";

    private static ImportFormat? Detect(ReadOnlySpan<byte> text, bool isWhole)
    {
        try
        {
            // A long first value is not whole in the beginning: what follows it is not seen, and what stands before it is enough.
            if (text.TrimStart(" \t\r\n"u8) is [(byte)'"', ..])
            {
                // Some agent files are a text, which may be long.
                return ImportFormat.Letta;
            }

            var reader = new Utf8JsonReader(text, isWhole, new JsonReaderState(new JsonReaderOptions { AllowMultipleValues = true }));
            return !reader.Read()
                ? null
                : reader.TokenType switch
                {
                    JsonTokenType.StartArray => ImportFormat.ChatGpt,
                    JsonTokenType.StartObject => DetectObject(ref reader),
                    _ => null,
                };
        }
        catch (JsonException)
        {
            return null;
        }
        catch (InvalidOperationException)
        {
            return null;
        }
    }

    private static ImportFormat? DetectObject(ref Utf8JsonReader reader)
    {
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            string name = reader.GetString()!;
            switch (name)
            {
                case "format":
                    return ReadText(ref reader) == JsonLines.ConversationFormat ? ImportFormat.Conversation : null;
                case JsonLines.Begin:
                    return DetectLines(ref reader);
                case "agents" or "core_memory" or "in_context_message_indices" or "agent_type":
                    return ImportFormat.Letta;
                case "mapping" or "current_node":
                    return ImportFormat.ChatGpt;
            }

            if (!reader.TrySkip())
            {
                break;
            }
        }

        return null;
    }

    private static ImportFormat? DetectLines(ref Utf8JsonReader reader)
    {
        if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
        {
            return null;
        }

        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (reader.ValueTextEquals("format"))
            {
                return ReadText(ref reader) switch
                {
                    JsonLines.UserFormat => ImportFormat.User,
                    JsonLines.TenantFormat => ImportFormat.Tenant,
                    _ => null,
                };
            }

            if (!reader.TrySkip())
            {
                break;
            }
        }

        return null;
    }

    private static string? ReadText(ref Utf8JsonReader reader) =>
        reader.Read() && reader.TokenType == JsonTokenType.String ? reader.GetString() : null;
}
