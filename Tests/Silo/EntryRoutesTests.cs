using System.Net;
using System.Text.Json;
using OrleansMemory.Tests.Support;
using Xunit;

namespace OrleansMemory.Tests.Silo;

public sealed class EntryRoutesTests(ClockedSilo silo) : IClassFixture<ClockedSilo>
{
    private readonly SiloTenant _app = silo.NewTenant();

    [Theory]
    [InlineData("""{"a":[1,2.50,null]}""")]
    [InlineData("null")]
    [InlineData("\"text \\ud800 \\u0000\"")]
    [InlineData("17")]
    public async Task Any_json_is_a_value(string value)
    {
        JsonElement receipt = await _app.AskAsync(HttpStatusCode.OK, "PUT", "e/entries/n/k", value);

        Assert.Equal("""{"version":1,"firstSequence":null,"lastSequence":null,"replayed":false}""", receipt.GetRawText());
        JsonElement entry = await _app.AskAsync(HttpStatusCode.OK, "GET", "e/entries/n/k");
        Assert.Equal(value, entry.GetProperty("value").GetRawText());
        Assert.Equal(("n", "k"), (entry.GetProperty("namespace").GetString(), entry.GetProperty("key").GetString()));
    }

    [Fact]
    public async Task All_entries_are_read_by_namespace_and_key_and_nothing_of_other_spaces()
    {
        await _app.AskAsync(
            HttpStatusCode.Created,
            "POST",
            "all/turns",
            """
            {"turnId":"t","globals":{"g":1},"entries":[{"namespace":"b","key":"k","value":1},{"namespace":"a","key":"z","value":[2]},{"namespace":"a","key":"y","value":null,"ttlSeconds":60}]}
            """
        );
        await _app.AskAsync(HttpStatusCode.OK, "PUT", "all/working-memory/WORKING_MEMORY", """{"text":"x"}""");

        JsonElement entries = (await _app.AskAsync(HttpStatusCode.OK, "GET", "all/entries")).GetProperty("entries");

        Assert.Equal(
            ["a y null", "a z [2]", "b k 1"],
            entries
                .EnumerateArray()
                .Select(static entry =>
                    $"{entry.GetProperty("namespace")} {entry.GetProperty("key")} {entry.GetProperty("value").GetRawText()}"
                )
        );
        silo.Clock.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal(2, (await _app.AskAsync(HttpStatusCode.OK, "GET", "all/entries")).GetProperty("entries").GetArrayLength());
        await _app.RefuseAsync(HttpStatusCode.NotFound, "conversation-not-found", "GET", "nothing/entries");
    }

    [Theory]
    [InlineData("a b", "k/l")]
    [InlineData("a/b/", "%2F")]
    [InlineData("\u00e9\ud83d\ude00", "%252F/")]
    [InlineData("globals", "a%b+c?d#e")]
    public async Task Names_are_any_text(string sessionNamespace, string key)
    {
        // Only a real server keeps the request line, in which an escaped slash can be told from the text "%2F".
        await using var app = new SiloApp();
        app.UseKestrel(0);
        string path = $"names/entries/{Uri.EscapeDataString(sessionNamespace)}/{Uri.EscapeDataString(key)}";
        await app.AskAsync(HttpStatusCode.OK, "PUT", path, "1");

        JsonElement list = await app.AskAsync(HttpStatusCode.OK, "GET", $"names/entries/{Uri.EscapeDataString(sessionNamespace)}");
        Assert.Equal(key, Assert.Single(list.GetProperty("entries").EnumerateArray().ToList()).GetProperty("key").GetString());
        Assert.Equal(key, (await app.AskAsync(HttpStatusCode.OK, "GET", path)).GetProperty("key").GetString());
        await app.AskAsync(HttpStatusCode.OK, "DELETE", path);
        await app.RefuseAsync(HttpStatusCode.NotFound, "entry-not-found", "GET", path);
    }

    [Fact]
    public async Task An_expired_entry_is_gone_at_once()
    {
        await _app.AskAsync(HttpStatusCode.OK, "PUT", "ttl/entries/n/k?ttlSeconds=1.5", "1");
        JsonElement entry = await _app.AskAsync(HttpStatusCode.OK, "GET", "ttl/entries/n/k");
        Assert.Equal(silo.Clock.GetUtcNow().AddSeconds(1.5), entry.GetProperty("expiresAt").GetDateTimeOffset());

        silo.Clock.Advance(TimeSpan.FromSeconds(1.5));

        await _app.RefuseAsync(HttpStatusCode.NotFound, "entry-not-found", "GET", "ttl/entries/n/k");
        Assert.Equal("""{"entries":[]}""", (await _app.AskAsync(HttpStatusCode.OK, "GET", "ttl/entries/n")).GetRawText());
    }

    [Fact]
    public async Task An_entry_is_written_once_under_one_key()
    {
        await _app.AskAsync(HttpStatusCode.OK, "PUT", "once/entries/n/k", "1", ("Idempotency-Key", "i"));
        JsonElement again = await _app.AskAsync(HttpStatusCode.OK, "PUT", "once/entries/n/k", "1", ("Idempotency-Key", "i"));

        Assert.True(again.GetProperty("replayed").GetBoolean());
        await _app.RefuseAsync(HttpStatusCode.Conflict, "turn-conflict", "PUT", "once/entries/n/k", "2", ("Idempotency-Key", "i"));
        await _app.RefuseAsync(HttpStatusCode.Conflict, "turn-conflict", "DELETE", "once/entries/n/k", null, ("Idempotency-Key", "i"));
    }

    [Fact]
    public async Task An_expired_conversation_is_gone_at_once()
    {
        await _app.AskAsync(HttpStatusCode.Created, "PUT", "brief", """{"ttl":{"seconds":10}}""");

        silo.Clock.Advance(TimeSpan.FromSeconds(10));

        await _app.RefuseAsync(HttpStatusCode.NotFound, "conversation-not-found", "GET", "brief");
        await _app.AskAsync(HttpStatusCode.Created, "PUT", "brief", "{}");
    }

    [Theory]
    [InlineData("0")]
    [InlineData("-1")]
    [InlineData("1e3")]
    [InlineData("soon")]
    [InlineData("99999999999999")]
    [InlineData("0.0000001")]
    public async Task A_bad_time_to_live_is_refused(string seconds)
    {
        await _app.RefuseAsync(HttpStatusCode.BadRequest, "invalid-request", "PUT", "ttl/entries/n/k?ttlSeconds=" + seconds, "1");
    }

    [Fact]
    public async Task A_name_that_is_too_long_is_refused()
    {
        string longKey = new('k', 1025);
        await _app.RefuseAsync(HttpStatusCode.BadRequest, "invalid-request", "PUT", "long/entries/n/" + longKey, "1");
        await _app.RefuseAsync(HttpStatusCode.BadRequest, "invalid-request", "PUT", $"long/entries/{longKey[..257]}/k", "1");
    }
}
