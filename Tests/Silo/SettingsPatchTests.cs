using System.Net;
using System.Text.Json;
using OrleansMemory.Tests.Support;
using Xunit;

namespace OrleansMemory.Tests.Silo;

/// <summary>PATCH changes some settings and no others, and a turn may bring the settings of a conversation that it begins.</summary>
public sealed class SettingsPatchTests(SharedSilo silo)
{
    private const string Full =
        """{"userId":"u","agentId":"a","title":"T","metadata":{"k":{"x":1,"y":1.50},"l":[1]},"ttl":{"seconds":3600,"sliding":true}}""";

    private readonly SiloTenant _app = silo.NewTenant();

    [Fact]
    public async Task What_is_left_out_stays_and_null_clears()
    {
        JsonElement before = await _app.AskAsync(HttpStatusCode.Created, "PUT", "some", Full);

        JsonElement titled = await _app.AskAsync(HttpStatusCode.OK, "PATCH", "some", """{"title":"é"}""");
        Assert.Equal("é", titled.GetProperty("title").GetString());
        Assert.All(
            ["userId", "agentId", "metadata", "ttl"],
            name => Assert.Equal(before.GetProperty(name).GetRawText(), titled.GetProperty(name).GetRawText())
        );

        JsonElement cleared = await _app.AskAsync(HttpStatusCode.OK, "PATCH", "some", """{"ttl":null,"agentId":null,"metadata":null}""");
        Assert.All(
            ["ttl", "agentId", "metadata", "expiresAt"],
            name => Assert.Equal(JsonValueKind.Null, cleared.GetProperty(name).ValueKind)
        );
        Assert.Equal("u", cleared.GetProperty("userId").GetString());
    }

    [Fact]
    public async Task Metadata_is_merged_by_name_at_every_depth()
    {
        await _app.AskAsync(HttpStatusCode.Created, "PUT", "merged", Full);

        JsonElement merged = await _app.AskAsync(
            HttpStatusCode.OK,
            "PATCH",
            "merged",
            """{"metadata":{"k":{"x":null,"z":{"n":[null]}},"l":{"m":null},"é":"ü"}}"""
        );

        Assert.Equal("""{"k":{"y":1.50,"z":{"n":[null]}},"l":{},"é":"ü"}""", merged.GetProperty("metadata").GetRawText());
    }

    [Fact]
    public async Task Patches_of_different_fields_and_names_at_once_all_hold()
    {
        const int Patches = 12;
        await _app.AskAsync(HttpStatusCode.Created, "PUT", "raced", Full);

        await Task.WhenAll(
            Enumerable
                .Range(0, Patches)
                .Select(i => _app.AskAsync(HttpStatusCode.OK, "PATCH", "raced", $$$"""{"metadata":{"n{{{i}}}":{{{i}}}}}"""))
                .Append(_app.AskAsync(HttpStatusCode.OK, "PATCH", "raced", """{"title":"new"}"""))
                .Append(_app.AskAsync(HttpStatusCode.OK, "PATCH", "raced", """{"agentId":"b"}"""))
        );

        JsonElement after = await _app.AskAsync(HttpStatusCode.OK, "GET", "raced");
        Assert.Equal(("new", "b"), (after.GetProperty("title").GetString(), after.GetProperty("agentId").GetString()));
        Assert.Equal(
            Enumerable.Range(0, Patches),
            Enumerable.Range(0, Patches).Select(i => after.GetProperty("metadata").GetProperty($"n{i}").GetInt32())
        );
        Assert.Equal("""{"x":1,"y":1.50}""", after.GetProperty("metadata").GetProperty("k").GetRawText());
        Assert.Equal(3 + Patches, after.GetProperty("version").GetInt32());
    }

    [Fact]
    public async Task A_patch_sent_again_writes_once_and_an_expected_version_is_kept()
    {
        await _app.AskAsync(HttpStatusCode.Created, "PUT", "again", Full);
        const string Patch = """{"metadata":{"n":1}}""";

        await _app.AskAsync(HttpStatusCode.OK, "PATCH", "again", Patch, ("Idempotency-Key", "p"));
        await _app.AskAsync(HttpStatusCode.OK, "PATCH", "again", """{"metadata":{"n":2}}""");
        JsonElement after = await _app.AskAsync(HttpStatusCode.OK, "PATCH", "again", Patch, ("Idempotency-Key", "p"));

        Assert.Equal((3, 2), (after.GetProperty("version").GetInt32(), after.GetProperty("metadata").GetProperty("n").GetInt32()));
        await _app.RefuseAsync(HttpStatusCode.Conflict, "turn-conflict", "PATCH", "again", """{"title":"x"}""", ("Idempotency-Key", "p"));
        await _app.RefuseAsync(HttpStatusCode.Conflict, "version-conflict", "PATCH", "again?expectedVersion=2", Patch);
        await _app.AskAsync(HttpStatusCode.OK, "PATCH", "again?expectedVersion=3", Patch);
    }

    [Theory]
    [InlineData("{}", "body")]
    [InlineData("""{"tittle":"x"}""", "tittle")]
    [InlineData("""{"title":1}""", "title")]
    [InlineData("""{"userId":".."}""", "userId")]
    [InlineData("""{"userId":""}""", "userId")]
    [InlineData("""{"metadata":[]}""", "metadata")]
    public async Task A_patch_that_cannot_be_is_refused_and_begins_nothing(string patch, string parameter)
    {
        await _app.AskAsync(HttpStatusCode.Created, "PUT", "kept", Full);

        Assert.Equal(
            parameter,
            (await _app.RefuseAsync(HttpStatusCode.BadRequest, "invalid-request", "PATCH", "kept", patch))
                .GetProperty("parameter")
                .GetString()
        );
        await _app.RefuseAsync(HttpStatusCode.NotFound, "conversation-not-found", "PATCH", "unknown", """{"metadata":{"a":1}}""");
        await _app.RefuseAsync(HttpStatusCode.NotFound, "conversation-not-found", "PATCH", "unknown", """{"title":"x"}""");
        await _app.RefuseAsync(HttpStatusCode.NotFound, "conversation-not-found", "GET", "unknown");
    }

    [Fact]
    public async Task A_merge_patch_may_say_so()
    {
        await _app.AskAsync(HttpStatusCode.Created, "PUT", "typed", Full);
        using var content = new StringContent("""{"title":"x"}""", System.Text.Encoding.UTF8, "application/merge-patch+json");

        using HttpResponseMessage response = await _app.Http.PatchAsync(new Uri("/v1/conversations/typed", UriKind.Relative), content);
        using HttpResponseMessage put = await _app.Http.PutAsync(new Uri("/v1/conversations/typed", UriKind.Relative), content);

        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.UnsupportedMediaType), (response.StatusCode, put.StatusCode));
    }

    [Fact]
    public async Task A_turn_brings_the_settings_of_the_conversation_that_it_begins()
    {
        const string Turn =
            """{"turnId":"1","messages":[{"role":"user","content":"hi"}],"settings":{"userId":"u","title":"T","ttl":{"seconds":60}}}""";
        await _app.AskAsync(HttpStatusCode.Created, "POST", "begun/turns", Turn);
        await _app.AskAsync(HttpStatusCode.OK, "POST", "begun/turns", Turn);
        await _app.AskAsync(
            HttpStatusCode.Created,
            "POST",
            "begun/turns",
            """{"turnId":"2","mustExist":true,"globals":{"a":1},"settings":{"userId":"other"}}"""
        );

        JsonElement head = await _app.AskAsync(HttpStatusCode.OK, "GET", "begun");
        Assert.Equal(
            ("u", "T", 2),
            (head.GetProperty("userId").GetString(), head.GetProperty("title").GetString(), head.GetProperty("version").GetInt32())
        );
        Assert.Equal(60, head.GetProperty("ttl").GetProperty("seconds").GetInt32());
        await _app.RefuseAsync(
            HttpStatusCode.NotFound,
            "conversation-not-found",
            "POST",
            "none/turns",
            """{"mustExist":true,"globals":{"a":1}}"""
        );
        await _app.RefuseAsync(
            HttpStatusCode.BadRequest,
            "invalid-request",
            "POST",
            "none/turns",
            """{"globals":{"a":1},"settings":{"owner":"u"}}"""
        );
        await _app.RefuseAsync(HttpStatusCode.NotFound, "conversation-not-found", "GET", "none");
    }

    [Fact]
    public async Task A_tenant_may_require_a_user()
    {
        await _app.AskAsync(HttpStatusCode.OK, "PUT", "/v1/tenant", """{"requiresUser":true}""");

        Assert.True((await _app.AskAsync(HttpStatusCode.OK, "GET", "/v1/tenant")).GetProperty("requiresUser").GetBoolean());
        JsonElement problem = await _app.RefuseAsync(
            HttpStatusCode.BadRequest,
            "invalid-request",
            "POST",
            "owned/turns",
            """{"globals":{"a":1}}"""
        );
        Assert.Equal("userId", problem.GetProperty("parameter").GetString());
        await _app.AskAsync(HttpStatusCode.Created, "POST", "owned/turns", """{"globals":{"a":1},"settings":{"userId":"u"}}""");
        await _app.RefuseAsync(HttpStatusCode.BadRequest, "invalid-request", "PATCH", "owned", """{"userId":null}""");
        await _app.RefuseAsync(HttpStatusCode.BadRequest, "invalid-request", "PUT", "owned", """{"title":"x"}""");
    }
}
