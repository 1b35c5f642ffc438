using System.Text;
using OrleansMemory.Benchmarks.Subjects;

namespace OrleansMemory.Benchmarks.Http;

/// <summary>Requests as bytes.</summary>
internal static class RawRequests
{
    /// <summary>A request that reads.</summary>
    /// <param name="port">The silo's port.</param>
    /// <param name="path">The path, with its query.</param>
    /// <param name="key">The API key; <see langword="null"/> where none is needed.</param>
    /// <returns>The request.</returns>
    public static byte[] Get(int port, string path, string? key = null) =>
        Encoding.ASCII.GetBytes(FormattableString.Invariant($"GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\n{Authorization(key)}\r\n"));

    /// <summary>A turn. Its id is all zeros until <see cref="RawTurn"/> writes another one over it.</summary>
    /// <param name="port">The silo's port.</param>
    /// <param name="conversation">The conversation's id.</param>
    /// <param name="messages">How many messages it appends.</param>
    /// <param name="key">The API key; <see langword="null"/> where none is needed.</param>
    /// <returns>The request.</returns>
    public static byte[] Turn(int port, string conversation, int messages, string? key)
    {
        string message = $$"""{"role":"user","contents":{{ConversationInput.Contents}}}""";
        string body = $$"""{"messages":[{{string.Join(',', Enumerable.Repeat(message, messages))}}]}""";
        return Encoding.ASCII.GetBytes(
            FormattableString.Invariant(
                $"POST /v1/conversations/{conversation}/turns HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nContent-Type: application/json\r\n{Authorization(key)}{RawTurn.IdHeader}{Guid.Empty:N}\r\nContent-Length: {body.Length}\r\n\r\n{body}"
            )
        );
    }

    private static string Authorization(string? key) => key is null ? "" : $"Authorization: Bearer {key}\r\n";
}
