using System.Net;
using System.Text.Json;
using OrleansMemory.Tests.Support;
using Xunit;

namespace OrleansMemory.Tests.Silo;

public sealed class TurnRoutesTests(SharedSilo silo)
{
    private readonly SiloTenant _app = silo.NewTenant();

    private const string Whole = """
        {"turnId":"t1","messages":[{"role":"user","content":"hi"},{"role":"assistant","contents":[{"$type":"text","text":"hello"}]}],
         "globals":{"lang":"en"},"entries":[{"namespace":"s","key":"k","value":{"a":1},"ttlSeconds":60}],"object":{"state":[1,2]}}
        """;

    [Fact]
    public async Task A_turn_commits_all_its_parts_once()
    {
        JsonElement first = await _app.AskAsync(HttpStatusCode.Created, "POST", "whole/turns", Whole);
        JsonElement again = await _app.AskAsync(HttpStatusCode.OK, "POST", "whole/turns", Whole);

        Assert.Equal("""{"version":1,"firstSequence":1,"lastSequence":2,"replayed":false}""", first.GetRawText());
        Assert.Equal("""{"version":1,"firstSequence":1,"lastSequence":2,"replayed":true}""", again.GetRawText());
        JsonElement export = await _app.AskAsync(HttpStatusCode.OK, "GET", "whole/export");
        Assert.Equal(
            ["globals/lang=\"en\"", "memory-object/state=[1,2]", "session:s/k={\"a\":1}"],
            export
                .GetProperty("entries")
                .EnumerateArray()
                .Select(entry =>
                    $"{entry.GetProperty("space").GetString()}/{entry.GetProperty("key").GetString()}={entry.GetProperty("value").GetRawText()}"
                )
        );
        Assert.Equal(2, export.GetProperty("messages").GetArrayLength());
    }

    [Fact]
    public async Task Null_removes_a_global_and_delete_removes_an_entry()
    {
        await _app.AskAsync(
            HttpStatusCode.Created,
            "POST",
            "patch/turns",
            """
            {"globals":{"a":1,"b":2},"object":{"x":1},"entries":[{"namespace":"n","key":"k","value":1},{"namespace":"n","key":"l","value":null}]}
            """
        );

        JsonElement receipt = await _app.AskAsync(
            HttpStatusCode.Created,
            "POST",
            "patch/turns",
            """
            {"globals":{"a":null,"c":{}},"object":{"x":null},"entries":[{"namespace":"n","key":"k","value":2},{"namespace":"n","key":"k","delete":true}]}
            """
        );

        Assert.Equal("""{"version":2,"firstSequence":null,"lastSequence":null,"replayed":false}""", receipt.GetRawText());
        JsonElement export = await _app.AskAsync(HttpStatusCode.OK, "GET", "patch/export");
        Assert.Equal(["b", "c", "l"], export.GetProperty("entries").EnumerateArray().Select(entry => entry.GetProperty("key").GetString()));
    }

    [Fact]
    public async Task The_header_stands_for_the_turn_id()
    {
        const string Body = """{"messages":[{"role":"user","content":"hi"}]}""";
        await _app.AskAsync(HttpStatusCode.Created, "POST", "header/turns", Body, ("Idempotency-Key", "h"));
        await _app.AskAsync(HttpStatusCode.OK, "POST", "header/turns", Body, ("Idempotency-Key", "h"));
        await _app.AskAsync(HttpStatusCode.OK, "POST", "header/turns", Body.Insert(1, "\"turnId\":\"h\","));
        JsonElement problem = await _app.RefuseAsync(
            HttpStatusCode.BadRequest,
            "invalid-request",
            "POST",
            "header/turns",
            Body.Insert(1, "\"turnId\":\"x\","),
            ("Idempotency-Key", "h")
        );
        Assert.Equal("turnId", problem.GetProperty("parameter").GetString());
        await _app.AskAsync(HttpStatusCode.Created, "POST", "header/turns", Body);
        await _app.AskAsync(HttpStatusCode.Created, "POST", "header/turns", Body);
        Assert.Equal(3, (await _app.AskAsync(HttpStatusCode.OK, "GET", "header")).GetProperty("version").GetInt64());
    }

    [Fact]
    public async Task A_turn_that_expects_another_version_changes_nothing()
    {
        const string Body = """{"turnId":"a","expectedVersion":0,"messages":[{"role":"user","content":"hi"}]}""";
        await _app.AskAsync(HttpStatusCode.Created, "POST", "expect/turns", Body);

        JsonElement problem = await _app.RefuseAsync(
            HttpStatusCode.Conflict,
            "version-conflict",
            "POST",
            "expect/turns",
            Body.Replace("\"a\"", "\"b\"", StringComparison.Ordinal)
        );

        Assert.Equal((0, 1), (problem.GetProperty("expectedVersion").GetInt64(), problem.GetProperty("actualVersion").GetInt64()));
        await _app.AskAsync(HttpStatusCode.OK, "POST", "expect/turns", Body);
        Assert.Equal(1, (await _app.AskAsync(HttpStatusCode.OK, "GET", "expect")).GetProperty("version").GetInt64());
    }

    [Fact]
    public async Task Conditions_decide_whether_a_turn_is_committed()
    {
        await _app.AskAsync(
            HttpStatusCode.Created,
            "POST",
            "conditions/turns",
            """
            {"turnId":"1","messages":[{"messageId":"m1","role":"user","content":"hi"}],"globals":{"g":{"a":1,"b":2}},"entries":[{"namespace":"n","key":"k","value":1}],
             "object":{"part":[]},"conditions":[{"kind":"messageAbsent","messageId":"m1"},{"kind":"entryAbsent","global":"g"}]}
            """
        );
        const string Holds = """
            {"turnId":"2","globals":{"g":null},"conditions":[{"kind":"entryHasValue","global":"g","value":{"b":2,"a":1}},{"kind":"entryExists","namespace":"n","key":"k"},
             {"kind":"entryExists","object":"part"},{"kind":"messageAbsent","messageId":"m2"}]}
            """;

        JsonElement problem = await _app.RefuseAsync(
            HttpStatusCode.PreconditionFailed,
            "condition-failed",
            "POST",
            "conditions/turns",
            Holds.Replace("\"m2\"", "\"m1\"", StringComparison.Ordinal)
        );

        Assert.Equal("conditions[3]", problem.GetProperty("parameter").GetString());
        await _app.AskAsync(HttpStatusCode.Created, "POST", "conditions/turns", Holds);
        await _app.AskAsync(HttpStatusCode.OK, "POST", "conditions/turns", Holds);
        Assert.Equal(2, (await _app.AskAsync(HttpStatusCode.OK, "GET", "conditions")).GetProperty("version").GetInt64());
    }

    [Theory]
    [InlineData("""{"kind":"entry"}""", "kind")]
    [InlineData("""{"kind":"entryExists"}""", "kind")]
    [InlineData("""{"kind":"entryExists","messageId":"m"}""", "kind")]
    [InlineData("""{"kind":"entryExists","global":"g","object":"o"}""", "kind")]
    [InlineData("""{"kind":"entryExists","namespace":"n"}""", "namespace")]
    [InlineData("""{"kind":"entryExists","global":"g","key":"k"}""", "namespace")]
    [InlineData("""{"kind":"entryHasValue","global":"g"}""", "value")]
    [InlineData("""{"kind":"entryAbsent","global":"g","value":1}""", "value")]
    [InlineData("""{"kind":"messageAbsent","id":"m"}""", "id")]
    public async Task A_condition_that_says_nothing_is_refused(string condition, string field)
    {
        JsonElement problem = await _app.RefuseAsync(
            HttpStatusCode.BadRequest,
            "invalid-request",
            "POST",
            "none/turns",
            $$"""{"globals":{"a":1},"conditions":[{{condition}}]}"""
        );

        Assert.Equal($"conditions[0].{field}", problem.GetProperty("parameter").GetString());
    }

    [Fact]
    public async Task A_turn_id_with_another_payload_is_a_conflict()
    {
        await _app.AskAsync(HttpStatusCode.Created, "POST", "reuse/turns", Whole);

        JsonElement problem = await _app.RefuseAsync(
            HttpStatusCode.Conflict,
            "turn-conflict",
            "POST",
            "reuse/turns",
            Whole.Replace("hello", "Hello", StringComparison.Ordinal)
        );

        Assert.Equal(("t1", 1), (problem.GetProperty("turnId").GetString(), problem.GetProperty("committedVersion").GetInt64()));
    }

    [Fact]
    public async Task Keep_last_makes_room_in_the_same_turn()
    {
        await _app.AskAsync(
            HttpStatusCode.Created,
            "POST",
            "keep/messages",
            """[{"role":"user","content":"1"},{"role":"user","content":"2"}]"""
        );

        await _app.AskAsync(
            HttpStatusCode.Created,
            "POST",
            "keep/turns",
            """{"keepLast":0,"messages":[{"role":"system","content":"3"}]}"""
        );

        JsonElement page = await _app.AskAsync(HttpStatusCode.OK, "GET", "keep/messages");
        Assert.Equal([3L], page.GetProperty("messages").EnumerateArray().Select(message => message.GetProperty("sequence").GetInt64()));
    }

    public static TheoryData<string, string> BadTurns() =>
        new()
        {
            { "{}", "turn" },
            { """{"messages":[]}""", "turn" },
            { "[]", "body" },
            { "1", "body" },
            { """{"turnId":""}""", "turnId" },
            { """{"turnId":7}""", "turnId" },
            { $$"""{"turnId":"{{new string('x', 257)}}","keepLast":1}""", "turnId" },
            { """{"turnId":"a\u0000","keepLast":1}""", "turnId" },
            { """{"expectedVersion":-1,"keepLast":1}""", "expectedVersion" },
            { """{"expectedVersion":1.5,"keepLast":1}""", "expectedVersion" },
            { """{"keepLast":-1}""", "keepLast" },
            { """{"keepLast":99999999999}""", "keepLast" },
            { """{"keepLast":1,"keepLast":2}""", "keepLast" },
            { """{"messages":[],"colour":1}""", "colour" },
            { """{"messages":{}}""", "messages" },
            { """{"messages":[1]}""", "messages[0]" },
            { """{"messages":[{"content":"x"}]}""", "messages[0].role" },
            { """{"messages":[{"role":"boss","content":"x"}]}""", "messages[0].role" },
            { """{"messages":[{"role":"User","content":"x"}]}""", "messages[0].role" },
            { """{"messages":[{"role":"user","content":"x"},{"role":"user"}]}""", "messages[1].contents" },
            { """{"messages":[{"role":"user","content":"x","contents":[]}]}""", "messages[0].contents" },
            { """{"messages":[{"role":"user","content":7}]}""", "messages[0].content" },
            { """{"messages":[{"role":"user","text":"x"}]}""", "messages[0].text" },
            { """{"messages":[{"role":"user","content":"x","sequence":4}]}""", "messages[0].sequence" },
            { """{"messages":[{"role":"user","contents":"x"}]}""", "messages[0].contents" },
            { """{"messages":[{"role":"user","contents":["x"]}]}""", "messages[0].contents[0]" },
            { """{"messages":[{"role":"user","contents":[{"text":"x"}]}]}""", "messages[0].contents[0].$type" },
            { """{"messages":[{"role":"user","contents":[{"$type":"song","text":"x"}]}]}""", "messages[0].contents[0].$type" },
            { """{"messages":[{"role":"user","contents":[{"$type":"text","txt":"x"}]}]}""", "messages[0].contents[0].txt" },
            { """{"messages":[{"role":"user","contents":[{"$type":"text","text":7}]}]}""", "messages[0].contents[0]" },
            { """{"messages":[{"role":"user","contents":[{"$type":"data","uri":"nonsense"}]}]}""", "messages[0].contents[0]" },
            { """{"messages":[{"role":"user","content":"x","createdAt":"today"}]}""", "messages[0].createdAt" },
            { """{"messages":[{"role":"user","content":"x","additionalProperties":[]}]}""", "messages[0].additionalProperties" },
            { $$"""{"messages":[{"role":"user","content":"x","messageId":"{{new string('x', 257)}}"}]}""", "messages[0].messageId" },
            { $$"""{"messages":[{"role":"user","content":"x","authorName":"{{new string('x', 257)}}"}]}""", "messages[0].authorName" },
            { """{"globals":[]}""", "globals" },
            { """{"globals":{"a":1,"a":2}}""", "globals.a" },
            { """{"object":7}""", "object" },
            { """{"entries":[{"key":"k","value":1}]}""", "entries[0].namespace" },
            { """{"entries":[{"namespace":"","key":"k","value":1}]}""", "entries[0].namespace" },
            { """{"entries":[{"namespace":"n","key":"","value":1}]}""", "entries[0].key" },
            { """{"entries":[{"namespace":"n","key":"k"}]}""", "entries[0].value" },
            { """{"entries":[{"namespace":"n","key":"k","value":1,"delete":true}]}""", "entries[0].value" },
            { """{"entries":[{"namespace":"n","key":"k","value":1,"ttlSeconds":0}]}""", "entries[0].ttlSeconds" },
            { """{"entries":[{"namespace":"n","key":"k","value":1,"ttlSeconds":"1"}]}""", "entries[0].ttlSeconds" },
            { """{"entries":[{"namespace":"n","key":"k","value":1,"ttlSeconds":3153600001}]}""", "entries[0].ttlSeconds" },
            { """{"entries":[{"namespace":"n","key":"k","value":1,"ttl":1}]}""", "entries[0].ttl" },
        };

    [Theory]
    [MemberData(nameof(BadTurns))]
    public async Task A_bad_turn_is_refused_by_the_name_of_its_fault(string body, string parameter)
    {
        JsonElement problem = await _app.RefuseAsync(HttpStatusCode.BadRequest, "invalid-request", "POST", "bad/turns", body);

        Assert.Equal(parameter, problem.GetProperty("parameter").GetString());
        await _app.RefuseAsync(HttpStatusCode.NotFound, "conversation-not-found", "GET", "bad");
    }
}
