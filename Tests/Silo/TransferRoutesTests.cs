using System.Net;
using System.Text.Json;
using OrleansMemory.Conversations;
using OrleansMemory.Tests.Support;
using Xunit;

namespace OrleansMemory.Tests.Silo;

public sealed class TransferRoutesTests(SharedSilo silo)
{
    private readonly SiloTenant _app = silo.NewTenant();

    private const string Turn = """
        {"messages":[{"role":"user","content":"a \ud83d\ude00 \ud800 \u0000"},{"role":"assistant","contents":[{"$type":"text","text":"b"}],"authorName":"x","additionalProperties":{"k":1}}],
         "globals":{"g":"\udfff"},"entries":[{"namespace":"s","key":"k","value":1,"ttlSeconds":3600}]}
        """;

    [Theory]
    [InlineData("""[null]""", "messages[0].contents[0].$type")]
    [InlineData("""[{"$type":"text","text":"t"},[null]]""", "messages[0].contents[1].$type")]
    [InlineData("""[{"text":"t"}]""", "messages[0].contents[0].$type")]
    [InlineData("""[{"$type":["text"],"text":"t"}]""", "messages[0].contents[0].$type")]
    [InlineData("""{"$type":"text"}""", "messages[0].contents")]
    public async Task Contents_that_are_none_are_not_imported(string contents, string parameter)
    {
        JsonElement problem = await _app.RefuseAsync(
            HttpStatusCode.BadRequest,
            "invalid-request",
            "POST",
            "none/import",
            $$"""
            {"format":"orleans-memory.conversation","formatVersion":1,"settings":{},"firstSequence":1,"lastSequence":1,"entries":[],"messages":[{"sequence":1,"messageId":"m","role":"user","createdAt":"2026-01-01T00:00:00Z","contents":{{contents}}}]}
            """
        );
        Assert.Equal(parameter, problem.GetProperty("parameter").GetString());
    }

    [Fact]
    public async Task An_export_imported_elsewhere_is_the_same_conversation()
    {
        await _app.AskAsync(HttpStatusCode.Created, "PUT", "from", """{"userId":"u","metadata":{"m":[1]},"ttl":{"seconds":99}}""");
        await _app.AskAsync(HttpStatusCode.Created, "POST", "from/turns", Turn);
        JsonElement export = await _app.AskAsync(HttpStatusCode.OK, "GET", "from/export");

        using HttpResponseMessage response = await _app.SendAsync("POST", "to/import", export.GetRawText());

        Assert.Equal(HttpStatusCode.Created, response.StatusCode);
        Assert.Equal("/v1/conversations/to", response.Headers.Location!.ToString());
        JsonElement again = await _app.AskAsync(HttpStatusCode.OK, "GET", "to/export");
        foreach (string part in new[] { "settings", "firstSequence", "lastSequence", "entries", "messages" })
        {
            Assert.Equal(export.GetProperty(part).GetRawText(), again.GetProperty(part).GetRawText());
        }

        JsonElement page = await _app.AskAsync(HttpStatusCode.OK, "GET", "to/messages");
        Assert.Equal(export.GetProperty("messages").GetRawText(), page.GetProperty("messages").GetRawText());
        await _app.RefuseAsync(HttpStatusCode.Conflict, "conversation-exists", "POST", "to/import", export.GetRawText());
    }

    [Fact]
    public async Task An_export_that_cannot_be_completed_does_not_look_complete()
    {
        GrainScript grain = GrainScript
            .Make()
            .Returns(nameof(IConversationGrain.GetHeadAsync), SomeHeads.Head(3, 1000))
            .Returns(nameof(IConversationGrain.GetSnapshotAsync), new ConversationSnapshot { Head = SomeHeads.Head(3, 1000), Entries = [] })
            .On(
                nameof(IConversationGrain.StreamMessagesAsync),
                _ =>
                    Enumerable
                        .Range(1, 999)
                        .Select(sequence => SomeHeads.Message(sequence, $$"""[{"$type":"text","text":"{{new string('x', 1000)}}"}]"""))
                        .ToAsyncEnumerable()
            );
        await using SiloApp broken = new SiloApp().With(grain.UseIn);
        using HttpResponseMessage response = await broken.Http.GetAsync(
            "/v1/conversations/c/export",
            HttpCompletionOption.ResponseHeadersRead
        );

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        await Assert.ThrowsAnyAsync<Exception>(() => response.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task An_export_that_cannot_be_begun_is_a_problem()
    {
        GrainScript grain = GrainScript
            .Make()
            .Returns(nameof(IConversationGrain.GetHeadAsync), SomeHeads.Head(4, 3))
            .Returns(nameof(IConversationGrain.GetSnapshotAsync), new ConversationSnapshot { Head = SomeHeads.Head(3, 3), Entries = [] })
            .On(nameof(IConversationGrain.StreamMessagesAsync), _ => new[] { SomeHeads.Message(2) }.ToAsyncEnumerable());
        await using SiloApp broken = new SiloApp().With(grain.UseIn);

        JsonElement problem = await broken.RefuseAsync(HttpStatusCode.Conflict, "conversation-changed", "GET", "c/export");

        Assert.Equal(1, problem.GetProperty("missingSequence").GetInt64());
    }

    [Theory]
    [InlineData("{}", "messages")]
    [InlineData(
        """{"format":"orleans-memory.conversation","formatVersion":2,"settings":{},"firstSequence":1,"lastSequence":0,"messages":[]}""",
        "formatVersion"
    )]
    [InlineData("""{"format":"other","messages":[]}""", "format")]
    [InlineData("""{"extra":1}""", "extra")]
    public async Task A_bad_import_is_refused_by_name(string body, string parameter)
    {
        JsonElement problem = await _app.RefuseAsync(HttpStatusCode.BadRequest, "invalid-request", "POST", "bad/import", body);

        Assert.Equal(parameter, problem.GetProperty("parameter").GetString());
        await _app.RefuseAsync(HttpStatusCode.NotFound, "conversation-not-found", "GET", "bad");
    }
}
