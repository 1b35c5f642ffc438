using System.Net;
using System.Text.Json;
using OrleansMemory.Tests.Support;
using Xunit;

namespace OrleansMemory.Tests.Silo;

public sealed class GlobalsRoutesTests(SiloApp app) : IClassFixture<SiloApp>
{
    [Fact]
    public async Task A_patch_merges_names_and_null_removes()
    {
        JsonElement receipt = await app.AskAsync(HttpStatusCode.OK, "PATCH", "g/globals", """{"lang":"en","tone":{"a":1},"odd \ud83d\ude00/":[1.0]}""");
        Assert.Equal("""{"version":1,"firstSequence":null,"lastSequence":null,"replayed":false}""", receipt.GetRawText());
        await app.AskAsync(HttpStatusCode.OK, "PATCH", "g/globals", """{"lang":null,"tone":{"b":2},"unknown":null}""");

        Assert.Equal("{\"odd \ud83d\ude00/\":[1.0],\"tone\":{\"b\":2}}", (await app.AskAsync(HttpStatusCode.OK, "GET", "g/globals")).GetRawText());
    }

    [Fact]
    public async Task A_patch_is_made_once_under_one_key_and_only_onto_the_expected_version()
    {
        await app.AskAsync(HttpStatusCode.OK, "PATCH", "once/globals?expectedVersion=0", """{"a":1}""", ("Idempotency-Key", "k"));
        JsonElement again = await app.AskAsync(HttpStatusCode.OK, "PATCH", "once/globals?expectedVersion=0", """{"a":1}""", ("Idempotency-Key", "k"));
        Assert.True(again.GetProperty("replayed").GetBoolean());
        await app.RefuseAsync(HttpStatusCode.Conflict, "turn-conflict", "PATCH", "once/globals", """{"a":2}""", ("Idempotency-Key", "k"));
        await app.RefuseAsync(HttpStatusCode.Conflict, "version-conflict", "PATCH", "once/globals?expectedVersion=0", """{"a":2}""");
    }

    [Fact]
    public async Task Bad_patches_and_unknown_conversations_are_refused()
    {
        await app.RefuseAsync(HttpStatusCode.NotFound, "conversation-not-found", "GET", "nobody/globals");
        await app.RefuseAsync(HttpStatusCode.NotFound, "conversation-not-found", "PATCH", "nobody/globals", """{"a":null}""");
        foreach (string body in new[] { "{}", "[]", "1", """{"a":1,"a":2}""", """{"":1}""", """{"a\u0000":1}""" })
        {
            await app.RefuseAsync(HttpStatusCode.BadRequest, "invalid-request", "PATCH", "bad/globals", body);
        }

        await app.RefuseAsync(HttpStatusCode.BadRequest, "invalid-request", "PATCH", "bad/globals?expectedVersion=-1", """{"a":1}""");
        await app.RefuseAsync(HttpStatusCode.BadRequest, "invalid-request", "GET", "bad/globals?format=json");
    }
}
