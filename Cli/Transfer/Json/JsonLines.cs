using System.Buffers;
using System.Text.Json;

namespace OrleansMemory.Cli.Transfer.Json;

/// <summary>
/// The names and shapes of exported lines: one JSON object each, with one field that says what it is. Those of a user's file are the silo's
/// own.
/// </summary>
internal static class JsonLines
{
    public const string ConversationFormat = "orleans-memory.conversation";

    public const string UserFormat = "orleans-memory.user";

    public const string TenantFormat = "orleans-memory.tenant";

    public const int Version = 1;

    public const string Begin = "export";

    public const string Conversation = "conversation";

    public const string Message = "message";

    public const string Dropped = "dropped";

    public const string Memory = "memory";

    public const string End = "end";

    /// <summary>Writes a line.</summary>
    /// <param name="write">Writes the kind's value.</param>
    /// <returns>The line, its line feed included.</returns>
    public static byte[] Line(string kind, Action<Utf8JsonWriter> write)
    {
        var line = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(line, new JsonWriterOptions { SkipValidation = true }))
        {
            writer.WriteStartObject();
            writer.WritePropertyName(kind);
            write(writer);
            writer.WriteEndObject();
        }

        line.Write("\n"u8);
        byte[] bytes = line.WrittenSpan.ToArray();

        // Stored JSON may have line breaks between its tokens, where they mean nothing. Within texts JSON escapes them.
        Span<byte> inside = bytes.AsSpan(0, bytes.Length - 1);
        inside.Replace((byte)'\n', (byte)' ');
        inside.Replace((byte)'\r', (byte)' ');
        return bytes;
    }

    /// <summary>The line that ends a file.</summary>
    public static byte[] EndLine(TransferCounts counts) =>
        Line(
            End,
            writer =>
            {
                writer.WriteStartObject();
                writer.WriteNumber("conversations", counts.Conversations);
                writer.WriteNumber("messages", counts.Messages);
                writer.WriteNumber("entries", counts.Entries);
                writer.WriteNumber("memories", counts.Memories);
                writer.WriteNumber("skipped", 0);
                writer.WriteEndObject();
            }
        );

    /// <summary>The line that begins a file.</summary>
    /// <param name="user">Whose file it is; <see langword="null"/> for a tenant's.</param>
    /// <param name="now">The instant.</param>
    public static byte[] BeginLine(string? user, DateTimeOffset now) =>
        Line(
            Begin,
            writer =>
            {
                writer.WriteStartObject();
                writer.WriteString("format", user is null ? TenantFormat : UserFormat);
                writer.WriteNumber("formatVersion", Version);
                writer.WriteString("exportedAt", now);
                if (user is not null)
                {
                    writer.WriteString("userId", user);
                }

                writer.WriteEndObject();
            }
        );
}
