using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using OrleansMemory.Tests.Client.Compatibility.AutoGrams;
using OrleansMemory.Tests.Support;
using Xunit;

namespace OrleansMemory.Tests.Silo.Access;

/// <summary>What holds for every answer: its headers, HEAD, and what the server answers by itself.</summary>
public sealed class AnswerTests(AnswerTests.App app) : IClassFixture<AnswerTests.App>
{
    private static readonly string[] Streamed = ["/events", "/export", "/memory-object"];

    public static TheoryData<string> Routes => [.. EndpointSamples.All.Keys, "GET /health/live", "GET /health/ready"];

    [Theory]
    [MemberData(nameof(Routes))]
    public async Task Nobody_on_the_way_keeps_an_answer_or_takes_it_for_something_else(string route)
    {
        (string method, EndpointSample sample) = await SampleAsync(route);
        foreach (string path in (string[])[sample.Path, sample.Path + "?unknown=1", "/missing" + sample.Path])
        {
            using HttpResponseMessage response = await SendAsync(method, path, sample.Body);
            Assert.Equal("nosniff", Assert.Single(response.Headers.GetValues("X-Content-Type-Options")));
            Assert.Equal("no-store", response.Headers.CacheControl?.ToString());
            Assert.False(response.Headers.Contains("Pragma"));
        }
    }

    [Theory]
    [MemberData(nameof(Routes))]
    public async Task Head_is_answered_as_get_is_without_a_body(string route)
    {
        (string method, EndpointSample sample) = await SampleAsync(route);
        if (method != "GET")
        {
            return;
        }

        foreach (
            string path in (string[])
                [sample.Path, "/missing" + sample.Path, sample.Path.Replace("answers", "unknown", StringComparison.Ordinal)]
        )
        {
            using HttpResponseMessage get = await SendAsync("GET", path, null);
            using HttpResponseMessage head = await SendAsync("HEAD", path, null);
            Assert.Equal((get.StatusCode, get.Content.Headers.ContentType), (head.StatusCode, head.Content.Headers.ContentType));
            Assert.Empty(await head.Content.ReadAsByteArrayAsync());
            bool isStreamed = get.IsSuccessStatusCode && Streamed.Any(part => path.Contains(part, StringComparison.Ordinal));
            Assert.NotEqual(isStreamed, head.Content.Headers.NonValidated.Contains("Content-Length"));
            if (!isStreamed)
            {
                Assert.Equal((await get.Content.ReadAsByteArrayAsync()).Length, head.Content.Headers.ContentLength);
            }
        }
    }

    [Theory]
    [InlineData("GARBAGE\r\n\r\n", 400, false)]
    [InlineData("GET / HTTP/1.1\r\n\r\n", 400, false)]
    [InlineData("GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n", 400, false)]
    [InlineData("GET / HTTP/1.1\r\nHost: localhost\r\nno colon\r\n\r\n", 400, false)]
    [InlineData("GET / HTTP/9.9\r\nHost: localhost\r\n\r\n", 505, false)]
    [InlineData("GET /{8200} HTTP/1.1\r\nHost: localhost\r\n\r\n", 414, false)]
    [InlineData("GET / HTTP/1.1\r\nHost: localhost\r\nX: {40000}\r\n\r\n", 431, false)]
    [InlineData("GET /health/live HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nX: {31000}\r\n\r\n", 200, true)]
    [InlineData(
        "POST /v1/conversations/c/turns HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\nnot a chunk\r\n",
        400,
        true
    )]
    [InlineData(
        "POST /v1/conversations/c/turns HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Type: application/json\r\nContent-Length: 99999999\r\n\r\n",
        413,
        true
    )]
    [InlineData("HEAD /health/live HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n", 200, true)]
    public async Task What_cannot_be_read_at_all_is_refused_by_the_server_in_its_own_way(string request, int status, bool ours)
    {
        for (int at = request.IndexOf('{', StringComparison.Ordinal); at >= 0; at = request.IndexOf('{', StringComparison.Ordinal))
        {
            int end = request.IndexOf('}', at);
            request =
                request[..at]
                + new string('x', int.Parse(request.AsSpan(at + 1, end - at - 1), System.Globalization.CultureInfo.InvariantCulture))
                + request[(end + 1)..];
        }

        string answer = await app.TalkAsync(request);

        Assert.StartsWith($"HTTP/1.1 {status} ", answer, StringComparison.Ordinal);
        Assert.Equal(ours, answer.Contains("X-Content-Type-Options: nosniff", StringComparison.Ordinal));
        Assert.Equal(ours && status >= 400, answer.Contains("application/problem+json", StringComparison.Ordinal));
        if (request.StartsWith("HEAD", StringComparison.Ordinal))
        {
            Assert.EndsWith("\r\n\r\n", answer, StringComparison.Ordinal);
            Assert.Contains("Content-Length: 17\r\n", answer, StringComparison.Ordinal);
        }
    }

    private async Task<(string Method, EndpointSample Sample)> SampleAsync(string route)
    {
        string[] parts = route.Split(' ');
        if (!EndpointSamples.All.TryGetValue(route, out Func<EndpointOwner, EndpointSample>? make))
        {
            return (parts[0], new EndpointSample(parts[1]));
        }

        string id = $"answers-{Guid.NewGuid():N}";
        await app.AskAsync(
            HttpStatusCode.Created,
            "POST",
            $"{id}/turns",
            $$"""{"turnId":"t","settings":{"userId":"u"},"messages":[{"role":"user","messageId":"m","content":"{{EndpointSamples.Mark}}"}],"globals":{"g":1},"entries":[{"namespace":"n","key":"k","value":1}]}"""
        );
        await app.AskAsync(HttpStatusCode.OK, "PUT", $"{id}/working-memory/WORKING_MEMORY", """{"text":"x"}""");
        await app.AskAsync(HttpStatusCode.Created, "PUT", $"{id}-p/memory-object?format=json", Documents.Paused);
        JsonElement recorded = await app.AskAsync(HttpStatusCode.Created, "POST", "/v1/memories", """{"user":"u","contents":["x"]}""");
        return (parts[0], make(new EndpointOwner("u", id, $"{id}-p", recorded.GetProperty("memoryIds")[0].GetString()!)));
    }

    private Task<HttpResponseMessage> SendAsync(string method, string path, string? body) =>
        app.Http.SendAsync(
            new HttpRequestMessage(new HttpMethod(method), path) { Content = body is null ? null : SiloApp.Json(body) },
            HttpCompletionOption.ResponseHeadersRead
        );

    /// <summary>A silo on a real socket.</summary>
    public sealed class App : SiloApp
    {
        private readonly int _port = FreePort.Next();

        public App() => UseKestrel(_port);

        /// <summary>Sends bytes and reads what comes back until the server closes, or says no more.</summary>
        public async Task<string> TalkAsync(string request)
        {
            _ = Http;
            using var client = new TcpClient();
            await client.ConnectAsync(IPAddress.Loopback, _port);
            NetworkStream stream = client.GetStream();
            await stream.WriteAsync(Encoding.ASCII.GetBytes(request));
            var answer = new StringBuilder();
            byte[] part = new byte[4096];
            try
            {
                while (await stream.ReadAsync(part).AsTask().WaitAsync(TimeSpan.FromSeconds(30)) is > 0 and var length)
                {
                    answer.Append(Encoding.ASCII.GetString(part, 0, length));
                }
            }
            catch (IOException)
            {
                // A server that has refused a body closes without reading it.
            }

            return answer.ToString();
        }
    }
}
