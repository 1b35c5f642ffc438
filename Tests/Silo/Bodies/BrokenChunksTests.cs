using System.Net.Sockets;
using System.Text;
using Xunit;

namespace OrleansMemory.Tests.Silo.Bodies;

/// <summary>
/// Trailers that are no UTF-8, and sizes of chunks beyond every range, are the caller's fault: Kestrel fails at them while the body is
/// read.
/// </summary>
public sealed class BrokenChunksTests(PathTests.ServedApp app) : IClassFixture<PathTests.ServedApp>
{
    [Theory]
    [InlineData("/v1/memories/search", "{\"user\":\"u\",\"query\":\"q\"}")]
    [InlineData("/v1/memories/search", "")]
    [InlineData("/v1/conversations/trailed/import", "{")]
    [InlineData("/v1/conversations/trailed/messages", "{\"role\":\"user\",\"content\":\"x\"}")]
    public async Task Trailers_that_are_no_UTF_8_are_refused(string path, string body)
    {
        string chunk = body.Length == 0 ? "" : $"{body.Length:x}\r\n{body}\r\n";
        await RefuseAsync(path, [.. Encoding.ASCII.GetBytes($"{chunk}0\r\nX-Trailer: "), 0xFF, .. "\r\n\r\n"u8]);
    }

    [Theory]
    [InlineData("/v1/memories/search")]
    [InlineData("/v1/conversations/trailed/import")]
    [InlineData("/v1/conversations/trailed/messages")]
    public async Task A_chunk_that_no_number_can_count_is_refused(string path)
    {
        await RefuseAsync(path, "FFFFFFFFFFFFFFFF\r\nx"u8.ToArray());
        await RefuseAsync(path, "1\r\n{\r\nFFFFFFFFFFFFFFFF\r\nx"u8.ToArray());
    }

    private async Task RefuseAsync(string path, byte[] body)
    {
        byte[] head = Encoding.ASCII.GetBytes(
            $"POST {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n"
        );
        Uri address = app.Http.BaseAddress!;
        using var socket = new TcpClient();
        await socket.ConnectAsync(address.Host, address.Port);
        await socket.GetStream().WriteAsync((byte[])[.. head, .. body]);
        using var reader = new StreamReader(socket.GetStream(), Encoding.UTF8);

        string answer = await reader.ReadToEndAsync();

        Assert.StartsWith("HTTP/1.1 400 ", answer, StringComparison.Ordinal);
        Assert.Contains("\"code\":\"bad-request\"", answer, StringComparison.Ordinal);
    }
}
