using System.Buffers;
using System.Text;

namespace OrleansMemory.Silo.Api;

/// <summary>The text form of server-sent events.</summary>
internal static class ServerSentEvents
{
    /// <summary>The content type.</summary>
    public const string ContentType = "text/event-stream";

    /// <summary>
    /// Writes what a stream begins with: how long a reader waits before it connects again, and where it stands before the first event.
    /// </summary>
    /// <param name="id">Where the reader stands: it sends this as <c>Last-Event-ID</c> if it has to connect again.</param>
    public static void WriteStart(IBufferWriter<byte> output, TimeSpan retry, string id) =>
        Encoding.UTF8.GetBytes(FormattableString.Invariant($"retry: {(long)retry.TotalMilliseconds}\nid: {id}\n\n"), output);

    /// <summary>Writes a comment, which readers pass over.</summary>
    public static void WriteKeepAlive(IBufferWriter<byte> output) => output.Write(": keep-alive\n\n"u8);

    /// <summary>Writes an event.</summary>
    /// <param name="data">
    /// Its data in UTF-8. Stored JSON may have line breaks, each of which starts another data line: else it could end the event.
    /// </param>
    public static void Write(IBufferWriter<byte> output, string id, string name, ReadOnlySpan<byte> data)
    {
        Encoding.UTF8.GetBytes($"id: {id}\nevent: {name}\n", output);
        while (true)
        {
            int end = data.IndexOfAny((byte)'\r', (byte)'\n');
            output.Write("data: "u8);
            output.Write(end < 0 ? data : data[..end]);
            output.Write("\n"u8);
            if (end < 0)
            {
                break;
            }

            data = data[(end + 1)..];
        }

        output.Write("\n"u8);
    }
}
