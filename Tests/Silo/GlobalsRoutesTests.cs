using System.Net;
using System.Text.Json;
using OrleansMemory.Tests.Support;
using Xunit;

namespace OrleansMemory.Tests.Silo;

public sealed class GlobalsRoutesTests(SharedSilo silo)
{
    private readonly SiloTenant _app = silo.NewTenant();

    [Fact]
    public async Task A_patch_merges_names_and_null_removes()
    {
        JsonElement receipt = await _app.AskAsync(
            HttpStatusCode.OK,
            "PATCH",
            "g/globals",
            """{"lang":"en","tone":{"a":1},"odd \ud83d\ude00/":[1.0]}"""
        );
        Assert.Equal("""{"version":1,"firstSequence":null,"lastSequence":null,"replayed":false}""", receipt.GetRawText());
        await _app.AskAsync(HttpStatusCode.OK, "PATCH", "g/globals", """{"lang":null,"tone":{"b":2},"unknown":null}""");

        Assert.Equal(
            "{\"odd \ud83d\ude00/\":[1.0],\"tone\":{\"b\":2}}",
            (await _app.AskAsync(HttpStatusCode.OK, "GET", "g/globals")).GetRawText()
        );
    }

    [Fact]
    public async Task A_patch_is_made_once_under_one_key_and_only_onto_the_expected_version()
    {
        await _app.AskAsync(HttpStatusCode.OK, "PATCH", "once/globals?expectedVersion=0", """{"a":1}""", ("Idempotency-Key", "k"));
        JsonElement again = await _app.AskAsync(
            HttpStatusCode.OK,
            "PATCH",
            "once/globals?expectedVersion=0",
            """{"a":1}""",
            ("Idempotency-Key", "k")
        );
        Assert.True(again.GetProperty("replayed").GetBoolean());
        await _app.RefuseAsync(HttpStatusCode.Conflict, "turn-conflict", "PATCH", "once/globals", """{"a":2}""", ("Idempotency-Key", "k"));
        await _app.RefuseAsync(HttpStatusCode.Conflict, "version-conflict", "PATCH", "once/globals?expectedVersion=0", """{"a":2}""");
    }

    [Fact]
    public async Task Bad_patches_and_unknown_conversations_are_refused()
    {
        await _app.RefuseAsync(HttpStatusCode.NotFound, "conversation-not-found", "GET", "nobody/globals");
        await _app.RefuseAsync(HttpStatusCode.NotFound, "conversation-not-found", "PATCH", "nobody/globals", """{"a":null}""");
        foreach (string body in new[] { "{}", "[]", "1", """{"a":1,"a":2}""", """{"":1}""", """{"a\u0000":1}""" })
        {
            await _app.RefuseAsync(HttpStatusCode.BadRequest, "invalid-request", "PATCH", "bad/globals", body);
        }

        await _app.RefuseAsync(HttpStatusCode.BadRequest, "invalid-request", "PATCH", "bad/globals?expectedVersion=-1", """{"a":1}""");
        await _app.RefuseAsync(HttpStatusCode.BadRequest, "invalid-request", "GET", "bad/globals?format=json");
    }
}
