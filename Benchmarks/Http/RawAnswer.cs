using System.Buffers.Text;

namespace OrleansMemory.Benchmarks.Http;

/// <summary>As much of HTTP/1.1 as is needed to see where an answer ends.</summary>
internal static class RawAnswer
{
    private static readonly int StatusAt = "HTTP/1.1 ".Length;

    private static ReadOnlySpan<byte> EndOfHeaders => "\r\n\r\n"u8;

    private static ReadOnlySpan<byte> Length => "\r\nContent-Length: "u8;

    private static ReadOnlySpan<byte> Chunked => "\r\nTransfer-Encoding: chunked\r\n"u8;

    private static ReadOnlySpan<byte> LastChunk => "\r\n0\r\n\r\n"u8;

    /// <summary>Whether an answer is there to its end.</summary>
    /// <param name="answer">What was read: one answer or its beginning, and nothing after it.</param>
    /// <returns>Whether it is whole.</returns>
    public static bool IsWhole(ReadOnlySpan<byte> answer)
    {
        int end = answer.IndexOf(EndOfHeaders);
        if (end < 0)
        {
            return false;
        }

        ReadOnlySpan<byte> headers = answer[..(end + 2)];
        if (headers.IndexOf(Chunked) >= 0)
        {
            // JSON has no line breaks of its own in it, so this end can stand nowhere else. An empty body begins with it.
            return answer[(end + 2)..].EndsWith(LastChunk);
        }

        int length = headers.IndexOf(Length);
        return length < 0
            || (
                Utf8Parser.TryParse(headers[(length + Length.Length)..], out int bytes, out _)
                && answer.Length - end - EndOfHeaders.Length >= bytes
            );
    }

    /// <summary>The status of an answer whose headers are there.</summary>
    /// <param name="answer">The answer.</param>
    /// <returns>The status.</returns>
    public static int Status(ReadOnlySpan<byte> answer) =>
        Utf8Parser.TryParse(answer.Slice(StatusAt, 3), out int status, out _) ? status : 0;
}
