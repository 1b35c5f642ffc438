using System.Net;
using System.Net.Http.Headers;
using System.Text;
using OrleansMemory.Tests.Support;
using Xunit;

namespace OrleansMemory.Tests.Silo;

/// <summary>Bytes that are no UTF-8 are 400 wherever they stand in a body, in names and in values.</summary>
public sealed class InvalidUtf8Tests(SharedSilo silo)
{
    // What stands in the place of the question mark of each body below.
    private static readonly byte[][] Invalid =
    [
        [0xFF],
        [0xC0, 0xAF],
        [0xED, 0xA0, 0x80],
        [0xE2, 0x82],
        [0x80],
    ];

    private readonly SiloTenant _app = silo.NewTenant();

    [Theory]
    [InlineData("POST", "u/import", """{"?":1}""")]
    [InlineData("POST", "u/import", """{"format":"orleans-memory.conversation","formatVersion":1,"settings":{"?":1}}""")]
    [InlineData("POST", "u/import", """{"format":"?"}""")]
    [InlineData("POST", "u/import", "\"?\"")]
    [InlineData(
        "POST",
        "u/import",
        """
            {"format":"orleans-memory.conversation","formatVersion":1,"settings":{},"firstSequence":1,"lastSequence":1,"entries":[],"messages":[{"sequence":1,"messageId":"m","role":"user","createdAt":"2026-01-01T00:00:00Z","contents":[{"$type":"text","text":"?"}]}]}
            """
    )]
    [InlineData(
        "POST",
        "u/import",
        """
            {"format":"orleans-memory.conversation","formatVersion":1,"settings":{},"firstSequence":1,"lastSequence":0,"entries":[],"messages":[],"?":1}
            """
    )]
    [InlineData("POST", "u/turns", """{"?":1}""")]
    [InlineData("POST", "u/turns", """{"globals":{"?":1}}""")]
    [InlineData("POST", "u/messages", """{"role":"user","content":"?"}""")]
    [InlineData(
        "POST",
        "u/messages",
        """{"role":"user","contents":[{"$type":"functionCall","callId":"c","name":"f","arguments":{"?":1}}]}"""
    )]
    [InlineData("PUT", "u", """{"metadata":{"?":1}}""")]
    [InlineData("PATCH", "u", """{"metadata":{"?":1}}""")]
    [InlineData("PATCH", "u/globals", """{"?":1}""")]
    [InlineData("PUT", "u/entries/n/k", """{"?":1}""")]
    [InlineData("PUT", "u/memory-object", """{"?":1}""")]
    [InlineData("PUT", "u/working-memory/WORKING_MEMORY", """{"text":"t","metadata":{"?":1}}""")]
    [InlineData("POST", "/v1/memories", """{"user":"u","contents":["?"]}""")]
    [InlineData("POST", "/v1/memories/search", """{"user":"u","query":"q","filters":{"?":1}}""")]
    [InlineData("PUT", "/v1/tenant", """{"?":1}""")]
    public async Task They_are_refused_as_malformed(string method, string path, string body)
    {
        foreach (byte[] invalid in Invalid)
        {
            int place = body.IndexOf('?', StringComparison.Ordinal);
            byte[] bytes = [.. Encoding.UTF8.GetBytes(body[..place]), .. invalid, .. Encoding.UTF8.GetBytes(body[(place + 1)..])];
            using var request = new HttpRequestMessage(new HttpMethod(method), path.StartsWith('/') ? path : "/v1/conversations/" + path)
            {
                Content = new ByteArrayContent(bytes),
            };
            request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
            using HttpResponseMessage response = await _app.Http.SendAsync(request);
            await SiloApp.ProblemAsync(response, HttpStatusCode.BadRequest, "malformed-json");
        }
    }
}
